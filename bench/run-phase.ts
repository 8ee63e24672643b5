import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PhaseName, PhaseOptions } from './phases.ts';

/** What a phase says of itself. */
export interface PhaseFigures {
  readonly seconds: number;
  readonly peak_memory_gb: number;
  readonly cpu_seconds: number;
  readonly [detail: string]: unknown;
}

/** Runs a phase in a process of its own, so that its peak memory is its own. */
export async function runPhase(phase: PhaseName, options: PhaseOptions): Promise<PhaseFigures> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'phase.ts'), phase, JSON.stringify(options)],
    { maxBuffer: 64_000_000 },
  );
  return JSON.parse(stdout) as PhaseFigures;
}
