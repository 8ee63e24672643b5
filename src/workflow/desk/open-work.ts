/** The record of work where the settings say it is. */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/index.ts';
import {
  openWorkFile,
  openWorkTable,
  type StoreLog,
  workFile,
  type WorkLine,
  type WorkLines,
} from '../../store/index.ts';
import { openWorkBook, type WorkBook, type WorkBookOptions, workLogOf } from '../../work/index.ts';

export interface WorkOptions extends WorkBookOptions {
  readonly stateFolder: string;
  /** Of PostgreSQL, with user and password; undefined: the record is in the state folder. */
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
  readonly log: StoreLog;
}

/** Opens the book; it opens too where PostgreSQL is away, and throws HF631 until it was read once. */
export async function openWork(options: WorkOptions): Promise<WorkBook> {
  const { stateFolder, databaseUrl, clock, log } = options;
  const file = openWorkFile(stateFolder);
  const lines =
    databaseUrl === undefined ? file : movedFrom(file, openWorkTable(databaseUrl, log), stateFolder, log);
  return openWorkBook(workLogOf(lines), clock, options);
}

/** A table that takes over what was in the file, before it is read for the first time. */
function movedFrom(file: WorkLines, table: WorkLines, stateFolder: string, log: StoreLog): WorkLines {
  let isMoved = false;
  const warnOfOthers = (): void => {
    // Nothing is written over: two workspaces may be set to one database by mistake.
    log.warn({ file: workFile(stateFolder) }, 'the file has other work than PostgreSQL; it is not read');
  };
  const move = async (): Promise<void> => {
    const old = await file.readFrom(1);
    const known = old.length === 0 ? [] : await table.readFrom(1);
    if (!areSame(old, known)) {
      warnOfOthers();
      return;
    }
    let moved = 0;
    for (const line of old.slice(known.length)) {
      if ((await table.append(line)) === 'taken') {
        moved += 1;
        continue;
      }
      // Another server may take the file over at the same time, or record something of its own.
      const [there] = await table.readFrom(line.sequence);
      if (isDeepStrictEqual(there, line)) continue;
      warnOfOthers();
      break;
    }
    if (moved > 0) log.info({ lines: moved }, 'work was moved to PostgreSQL');
  };
  return {
    append: (line) => table.append(line),
    async readFrom(sequence) {
      if (!isMoved) await move();
      isMoved = true;
      return table.readFrom(sequence);
    },
    async [Symbol.asyncDispose]() {
      await file[Symbol.asyncDispose]();
      await table[Symbol.asyncDispose]();
    },
  };
}

/** Whether one is how the other begins. */
function areSame(some: readonly WorkLine[], others: readonly WorkLine[]): boolean {
  const length = Math.min(some.length, others.length);
  return isDeepStrictEqual(some.slice(0, length), others.slice(0, length));
}
