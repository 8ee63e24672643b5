/** Runs one phase of the scale benchmark and prints its figures as one line of JSON. */
import { PHASES, type PhaseName, type PhaseOptions } from './phases.ts';

const [name, options] = process.argv.slice(2);
const result = await PHASES[name as PhaseName](JSON.parse(options ?? '{}') as PhaseOptions);
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({ ...result, peak_memory_gb: maxRSS / 1e6, cpu_seconds: (userCPUTime + systemCPUTime) / 1e6 })}\n`,
);
