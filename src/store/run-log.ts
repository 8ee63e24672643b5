import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

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

/** An append-only log of runs, one JSON line each. */
export interface RunLog {
  append(record: RunRecord): Promise<void>;
  /** All records, oldest first; a last line that a crash cut short is left out. */
  read(): Promise<RunRecord[]>;
}

/** Opens the log in the state folder; the file appears with the first record. */
export function openRunLog(stateFolder: string): RunLog {
  const file = path.join(stateFolder, 'runs.jsonl');
  return {
    async append(record) {
      await mkdir(stateFolder, { recursive: true });
      const handle = await open(file, 'a');
      try {
        await handle.write(`${JSON.stringify(record)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async read() {
      const text = await readFile(file, 'utf8').catch(() => '');
      const records: RunRecord[] = [];
      for (const line of text.split('\n')) {
        try {
          if (line !== '') records.push(JSON.parse(line) as RunRecord);
        } catch {
          // Cut short by a crash: the run it tells of never ended.
        }
      }
      return records;
    },
  };
}
