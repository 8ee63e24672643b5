/**
 * Who looked at which entity, on disk before the answer leaves: JSON lines in `state/looks/`, a file a process and day,
 * for its owner's eyes. Lines are only ever added.
 */
import path from 'node:path';
import { type Clock, HoldfastError } from '../kernel/index.ts';
import { openDailyAppend } from './daily-files.ts';
import { reasonOf } from './outage.ts';

/** A line of the log, in the spelling of its columns. */
export interface LookRecord {
  readonly at: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly by_role: string;
  /** One entity with everything that is known of it, a page of a list, a list in a file, or the features of one to think about. */
  readonly what: 'customer' | 'list' | 'export' | 'what_if';
  /** Null for a list. */
  readonly entity_id: string | null;
  /** Of a list; null for one entity. */
  readonly rows: number | null;
  /** What a list was filtered by, with the part of it that a page is; null for one entity. */
  readonly filter: Readonly<Record<string, unknown>> | null;
  readonly request_id: string;
}

export interface LookLog extends AsyncDisposable {
  /** It is on disk when this is done; looks of one moment share a write. HF631 where it cannot be written. */
  add(record: LookRecord): Promise<void>;
}

/** Folder of the log in the state folder. */
export const lookFolder = (stateFolder: string): string => path.join(stateFolder, 'looks');

/** Opens the log; its file appears with the first record. */
export function openLookLog(stateFolder: string, clock: Clock): LookLog {
  const append = openDailyAppend(lookFolder(stateFolder), clock, 0o600);
  let waiting: string[] = [];
  /** The write that takes what waits; undefined where nothing does. */
  let next: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const write = async (): Promise<void> => {
    const lines = waiting.join('');
    waiting = [];
    next = undefined;
    try {
      await append(lines);
    } catch (cause) {
      throw new HoldfastError('HF631', {
        message: `who looked cannot be recorded: ${reasonOf(cause)}`,
        hint: 'see that the disk of the state folder has room and that the server may write to it, then try again',
        cause,
      });
    }
  };
  return {
    add(record) {
      waiting.push(`${JSON.stringify(record)}\n`);
      if (next === undefined) {
        next = last.then(write);
        last = next.catch(() => undefined);
      }
      return next;
    },
    async [Symbol.asyncDispose]() {
      await last;
    },
  };
}
