import { hostname } from 'node:os';
import path from 'node:path';
import { openAppendLog } from './append-log.ts';
import { isAlive } from './process-life.ts';

/** One step of a run as it ended. */
export interface StepRecord {
  readonly step: string;
  readonly seconds: number;
  readonly summary: string;
}

/** A run that has begun. */
export interface RunStart {
  readonly runId: string;
  readonly command: string;
  readonly startedAt: string;
}

/** One run of Holdfast: what was asked, what happened. */
export interface RunRecord extends RunStart {
  /** Null where the run has not ended, or nobody was left to say when. */
  readonly seconds: number | null;
  /** `running` while its process is there; `unfinished` where it was killed, or the machine went down. */
  readonly status: 'done' | 'failed' | 'interrupted' | 'running' | 'unfinished';
  readonly steps: readonly StepRecord[];
  /** Code and message of the error that ended it. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** A run that has ended by itself. */
export interface EndedRun extends RunRecord {
  readonly seconds: number;
  readonly status: 'done' | 'failed' | 'interrupted';
}

/** An append-only log of runs, one JSON line for the start and one for the end of each. */
export interface RunLog {
  start(run: RunStart): Promise<void>;
  append(record: EndedRun): Promise<void>;
  /** All runs, oldest first, by their start; a last line that a crash cut short is left out. */
  read(): Promise<RunRecord[]>;
}

/** The line that a run begins with: by process and machine a reader sees whether it is still under way. */
interface StartLine extends RunStart {
  readonly status: 'started';
  readonly process: number;
  readonly machine: string;
}

/** Opens the log in the state folder; the file appears with the first record. */
export function openRunLog(stateFolder: string): RunLog {
  const log = openAppendLog<StartLine | EndedRun>(path.join(stateFolder, 'runs.jsonl'));
  return {
    append: (record) => log.append(record),
    start: (run) => log.append({ ...run, status: 'started', process: process.pid, machine: hostname() }),
    async read() {
      const runs = new Map<string, RunRecord>();
      for (const record of await log.read())
        runs.set(record.runId, record.status === 'started' ? openRun(record) : record);
      return [...runs.values()];
    },
  };
}

function openRun({ runId, command, startedAt, process: id, machine }: StartLine): RunRecord {
  const isRunning = machine === hostname() && isAlive(id);
  return {
    runId,
    command,
    startedAt,
    seconds: null,
    status: isRunning ? 'running' : 'unfinished',
    steps: [],
  };
}
