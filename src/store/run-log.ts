import path from 'node:path';
import { type AppendLog, openAppendLog } from './append-log.ts';

/** One step of a run as it ended. */
export interface StepRecord {
  readonly step: string;
  readonly seconds: number;
  readonly summary: string;
}

/** One run of Holdfast: what was asked, what happened. */
export interface RunRecord {
  readonly runId: string;
  readonly command: string;
  readonly startedAt: string;
  readonly seconds: number;
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly steps: readonly StepRecord[];
  /** Code and message of the error that ended it. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** The log of runs, one JSON line each. */
export type RunLog = AppendLog<RunRecord>;

/** Opens the log in the state folder; the file appears with the first record. */
export const openRunLog = (stateFolder: string): RunLog =>
  openAppendLog(path.join(stateFolder, 'runs.jsonl'));
