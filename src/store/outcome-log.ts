/**
 * What became of entities, on disk before it is acknowledged: JSON lines in `state/outcomes/`, a file a process and day.
 * Lines are only ever added; a correction is a later line about the same.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../kernel/index.ts';
import { dailyFiles, openDailyAppend } from './daily-files.ts';

/** A line of the log, in the spelling of its columns. */
export interface OutcomeRecord {
  readonly received_at: string;
  /** Keyed hash of the entity's key, the same as in the log of predictions. */
  readonly entity_hash: string;
  readonly outcome: 'left' | 'stayed';
  /** Day on which it was seen, `YYYY-MM-DD`. */
  readonly observed_on: string;
  /** Horizon that it is said of, such as `30d`; null where of none. */
  readonly horizon: string | null;
  /** Prediction that it is said of; null where of none. */
  readonly request_id: string | null;
}

/** What became of the records of one call. */
export interface OutcomeCounts {
  readonly taken: number;
  /** Known already, or said again in the same call. */
  readonly repeated: number;
  /** Said otherwise before; the later one stands. Among those taken. */
  readonly corrected: number;
}

export interface OutcomeLog extends AsyncDisposable {
  /**
   * Adds what is not known yet; it is on disk when this is done. Two records are about the same where entity, day,
   * horizon and request are. Calls wait for each other.
   */
  add(records: readonly OutcomeRecord[]): Promise<OutcomeCounts>;
}

/** Folder of the log in the state folder. */
export const outcomeFolder = (stateFolder: string): string => path.join(stateFolder, 'outcomes');

/** Opens the log; what it holds is read, and its file appears, with the first record. */
export function openOutcomeLog(stateFolder: string, clock: Clock): OutcomeLog {
  const folder = outcomeFolder(stateFolder);
  let known: Map<string, OutcomeRecord['outcome']> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const append = openDailyAppend(folder, clock);
  const add = async (records: readonly OutcomeRecord[]): Promise<OutcomeCounts> => {
    known ??= await readKnown(folder);
    // Of several about the same the last one stands.
    const fresh = new Map(records.map((record) => [keyOf(record), record]));
    let corrected = 0;
    for (const [key, { outcome }] of fresh) {
      const before = known.get(key);
      if (before === outcome) fresh.delete(key);
      else if (before !== undefined) corrected += 1;
    }
    const lines = [...fresh.values()].map((record) => `${JSON.stringify(record)}\n`);
    if (lines.length > 0) await append(lines.join(''));
    for (const [key, { outcome }] of fresh) known.set(key, outcome);
    return { taken: fresh.size, repeated: records.length - fresh.size, corrected };
  };
  return {
    add(records) {
      const result = last.then(() => add(records));
      last = result.catch(() => undefined);
      return result;
    },
    async [Symbol.asyncDispose]() {
      await last;
    },
  };
}

/** What two records about the same have in common, in 22 characters: millions of them must fit into memory. */
function keyOf({ entity_hash, observed_on, horizon, request_id }: OutcomeRecord): string {
  const text = JSON.stringify([entity_hash, observed_on, horizon, request_id]);
  return createHash('sha256').update(text).digest('base64').slice(0, 22);
}

async function readKnown(folder: string): Promise<Map<string, OutcomeRecord['outcome']>> {
  const records: { readonly at: string; readonly key: string; readonly outcome: OutcomeRecord['outcome'] }[] =
    [];
  for (const file of await dailyFiles(folder)) {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const record = parsed(line);
      if (record !== undefined)
        records.push({ at: record.received_at, key: keyOf(record), outcome: record.outcome });
    }
  }
  // The later one stands, whichever process took it.
  records.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return new Map(records.map(({ key, outcome }) => [key, outcome]));
}

/** Undefined for a line that a crash cut short: nobody was told that it was taken. */
function parsed(line: string): OutcomeRecord | undefined {
  try {
    return JSON.parse(line) as OutcomeRecord;
  } catch {
    return undefined;
  }
}
