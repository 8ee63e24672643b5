/** Runs one phase of the scale benchmark and prints its figures as one line of JSON. */
import { PHASES, type PhaseName } from './phases.ts';

const [name, options] = process.argv.slice(2);
const phase = PHASES[name as PhaseName];
const result = await phase(JSON.parse(options ?? '{}') as Parameters<typeof phase>[0]);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({ ...result, peak_memory_gb: maxRSS / 1e6, cpu_seconds: (userCPUTime + systemCPUTime) / 1e6 })}\n`,
);
