/**
 * Every answered prediction, on disk before the answer leaves: JSON lines in `state/predictions/`, a file a process and
 * day. What a killed process wrote is in the system's hands and stays; a power cut may take the last second.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../kernel/index.ts';
import { freeName } from './daily-files.ts';
import type { RecordTable } from './postgres.ts';

/** A line of the log, in the spelling of its columns. */
export interface PredictionRecord {
  /** Of this line alone: one request may have many, and a client may send its id again. */
  readonly record_id: string;
  readonly request_id: string;
  readonly answered_at: string;
  /** Keyed hash of the entity's key: equal entities, equal hash, and no way back without the key. */
  readonly entity_hash: string;
  readonly model_set: number;
  readonly model_set_hash: string;
  readonly tier: string;
  /** Calibrated probability by horizon, such as `30d`. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** As the request gave them; null where they were looked up. */
  readonly features: Readonly<Record<string, number | string | null>> | null;
  /** Day of the snapshot that looked-up features are from. */
  readonly features_as_of: string | null;
  readonly latency_ms: number;
  /**
   * `champion`, `challenger` for the share of entities that a split sends there, or `shadow` for what the challenger
   * would have said and nobody was told.
   */
  readonly answered_by: string;
  /** Whether it was worked out for an earlier request, and given again. */
  readonly cached: boolean;
}

/** The log in a database. */
export const PREDICTION_TABLE: RecordTable = {
  name: 'holdfast_predictions',
  columns: {
    record_id: 'uuid',
    request_id: 'text',
    answered_at: 'timestamptz',
    entity_hash: 'text',
    model_set: 'integer',
    model_set_hash: 'text',
    tier: 'text',
    probabilities: 'jsonb',
    features: 'jsonb',
    features_as_of: 'date',
    latency_ms: 'double precision',
    answered_by: 'text',
    cached: 'boolean',
  } satisfies Record<keyof PredictionRecord, string>,
  nullable: ['features', 'features_as_of'] satisfies (keyof PredictionRecord)[],
  index: 'answered_at' satisfies keyof PredictionRecord,
};

export interface PredictionLog extends Disposable {
  /** Takes a record in; it is safe when the next `flush` has returned. */
  write(record: PredictionRecord): void;
  /** Appends in the calling thread, some microseconds; returns when the system has all lines. */
  flush(): void;
}

/** Folder of the log in the state folder. */
export const predictionFolder = (stateFolder: string): string => path.join(stateFolder, 'predictions');

/** How long a line may be in the system's hands alone. */
const SYNC_EVERY_MS = 1000;

/** Opens the log; its file appears with the first record. */
export function openPredictionLog(stateFolder: string, clock: Clock): PredictionLog {
  const folder = predictionFolder(stateFolder);
  let day = '';
  let file: number | undefined;
  let unsynced = false;
  const timer = setInterval(() => {
    if (file === undefined || !unsynced) return;
    unsynced = false;
    fsyncSync(file);
  }, SYNC_EVERY_MS).unref();
  const close = (): void => {
    if (file === undefined) return;
    fsyncSync(file);
    closeSync(file);
    file = undefined;
  };
  let waiting = '';
  const flush = (): void => {
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    const today = clock.now().toISOString().slice(0, 10);
    if (file === undefined || today !== day) {
      close();
      day = today;
      mkdirSync(folder, { recursive: true });
      file = openSync(freeName(folder, day), 'ax');
    }
    writeAll(file, lines);
    unsynced = true;
  };
  return {
    write(record) {
      waiting += `${JSON.stringify(record)}\n`;
    },
    flush,
    [Symbol.dispose]() {
      clearInterval(timer);
      flush();
      close();
    },
  };
}

/** A single write may take less than it is given. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
