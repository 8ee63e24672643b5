/** Fills the gaps of the prediction log in the database from the log on disk. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Config, Secrets } from '../../config/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import {
  dailyFiles,
  openPostgresWriter,
  PREDICTION_TABLE,
  predictionFolder,
  reasonOf,
} from '../../store/index.ts';

export interface PushedPredictions {
  /** Whole lines that were read. */
  readonly records: number;
  /** Records among them that the database did not have. */
  readonly added: number;
  /** Records that it cannot take for what they hold. */
  readonly refused: number;
}

export interface PushPredictionsOptions {
  readonly config: Pick<Config, 'state'>;
  readonly secrets: Pick<Secrets, 'postgres'>;
  /** First day whose lines are sent, `YYYY-MM-DD`; undefined: all. */
  readonly since?: string | undefined;
  readonly signal: AbortSignal;
}

const BATCH_ROWS = 500;

/**
 * Sends the lines of the log on disk; what is there already is left as it is. HF103 where no database is set, HF701 where
 * it does not take them, the reason of the signal when it is aborted.
 */
export async function pushPredictions({
  config,
  secrets,
  since = '',
  signal,
}: PushPredictionsOptions): Promise<PushedPredictions> {
  const { url } = secrets.postgres;
  if (url === undefined)
    throw new HoldfastError('HF103', {
      message: 'no database is set',
      hint: 'set HOLDFAST_POSTGRES_URL to its address',
      place: { field: 'postgres.url' },
    });
  const counts = { records: 0, added: 0, refused: 0 };
  using writer = openPostgresWriter(url, PREDICTION_TABLE);
  const send = async (batch: readonly string[]): Promise<void> => {
    signal.throwIfAborted();
    if (batch.length === 0) return;
    try {
      const { added, refused } = await writer.insert(batch, signal);
      counts.records += batch.length;
      counts.added += added;
      counts.refused += refused;
    } catch (cause) {
      signal.throwIfAborted();
      throw new HoldfastError('HF701', {
        message: `PostgreSQL does not take records: ${reasonOf(cause)}`,
        hint: 'check the database and its address, then push again: what arrived is not written twice',
        place: { field: 'postgres.url' },
        cause,
      });
    }
  };
  for (const file of await dailyFiles(predictionFolder(config.state))) {
    // The name begins with the day.
    if (path.basename(file).slice(0, 10) < since) continue;
    let batch: string[] = [];
    for await (const line of createInterface({ input: createReadStream(file) })) {
      if (!isRecord(line)) continue;
      batch.push(line);
      if (batch.length < BATCH_ROWS) continue;
      await send(batch);
      batch = [];
    }
    await send(batch);
  }
  return counts;
}

/** A line that a killed process cut short is none, and neither is one of a version that did not number them. */
function isRecord(line: string): boolean {
  try {
    return typeof (JSON.parse(line) as { record_id?: unknown }).record_id === 'string';
  } catch {
    return false;
  }
}
