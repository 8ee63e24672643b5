/**
 * Every answered prediction, on disk before the answer leaves: JSON lines in `state/predictions/`, a file a process and
 * day. What a killed process wrote is in the system's hands and stays; a power cut may take the last second.
 */
import { closeSync, fstatSync, fsync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../kernel/index.ts';
import { makeDailyFile } from './daily-files.ts';
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
  /**
   * Appends in the calling thread, some microseconds; returns when the system has all lines. Throws what the system says
   * where it takes none; they are kept, so many as `LINES_KEPT`, and tried again with the next.
   */
  flush(): void;
  /** Lines that could not be written and were given up. */
  readonly lost: number;
}

export interface PredictionLogOptions {
  /** Told of each record that the log has taken. */
  readonly onTaken?: (record: PredictionRecord) => void;
}

/** Folder of the log in the state folder. */
export const predictionFolder = (stateFolder: string): string => path.join(stateFolder, 'predictions');

/** How long a line may be in the system's hands alone, or wait for a disk that takes nothing. */
const SYNC_EVERY_MS = 1000;
/** Lines that wait at most for a disk that takes nothing; each has a kilobyte or less. */
const LINES_KEPT = 10_000;

interface WaitingLine {
  readonly record: PredictionRecord;
  readonly line: string;
}

/** Opens the log; its file appears with the first record. */
export function openPredictionLog(
  stateFolder: string,
  clock: Clock,
  { onTaken }: PredictionLogOptions = {},
): PredictionLog {
  const folder = predictionFolder(stateFolder);
  let day = '';
  let file: number | undefined;
  let isSynced = true;
  let isSyncing = false;
  let waiting: WaitingLine[] = [];
  let lost = 0;
  const close = (): void => {
    if (file === undefined) return;
    const open = file;
    file = undefined;
    try {
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
  };
  const fileOfToday = (): number => {
    const today = clock.now().toISOString().slice(0, 10);
    if (file !== undefined && today === day) return file;
    close();
    mkdirSync(folder, { recursive: true });
    file = openSync(makeDailyFile(folder, today), 'a');
    day = today;
    return file;
  };
  const take = (lines: readonly WaitingLine[]): void => {
    isSynced = false;
    for (const { record } of lines) onTaken?.(record);
  };
  /** After a write that failed: lines that are there in full, and the rest for the next file. */
  const giveUp = (lines: readonly WaitingLine[], written: number): void => {
    let bytes = 0;
    const whole = lines.findIndex(({ line }) => (bytes += Buffer.byteLength(line)) > written);
    const rest = whole < 0 ? [] : lines.slice(whole);
    waiting = rest.slice(-LINES_KEPT);
    lost += rest.length - waiting.length;
    take(lines.slice(0, lines.length - rest.length));
    try {
      // It may end in the middle of a line: what comes next must not go on there.
      close();
    } catch {
      // Why it takes nothing is said already.
    }
  };
  const flush = (): void => {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    const bytes = Buffer.from(lines.map(({ line }) => line).join(''), 'utf8');
    let written = 0;
    try {
      const open = fileOfToday();
      // A single write may take less than it is given.
      while (written < bytes.length) written += writeSync(open, bytes, written);
    } catch (error) {
      giveUp(lines, written);
      throw error;
    }
    take(lines);
  };
  /** A disk that is busy with other things may take seconds: requests are answered meanwhile. */
  const syncAside = (open: number): void => {
    isSyncing = true;
    isSynced = true;
    fsync(open, (error) => {
      isSyncing = false;
      // A file that was closed meanwhile was synchronised by that.
      if (error !== null && open === file) isSynced = false;
    });
  };
  const timer = setInterval(() => {
    try {
      flush();
      if (file === undefined || isSynced || isSyncing) return;
      // Somebody took the file away: what comes next shall not go where nobody finds it.
      if (fstatSync(file).nlink === 0) close();
      else syncAside(file);
    } catch {
      // Said with the request that found it first, and counted.
    }
  }, SYNC_EVERY_MS).unref();
  return {
    write(record) {
      waiting.push({ record, line: `${JSON.stringify(record)}\n` });
    },
    flush,
    get lost() {
      return lost;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      try {
        flush();
      } finally {
        lost += waiting.length;
        waiting = [];
        close();
      }
    },
  };
}
