/** Records on their way to a database: a bounded queue that is emptied in batches, behind the answers' back. */
import { setTimeout as pause } from 'node:timers/promises';
import { openOutage, reasonOf, type StoreLog } from './outage.ts';

/** Writes to a database; what it cannot do for the moment it throws. */
export interface RecordWriter extends Disposable {
  /** Writes records that are not there yet, each as JSON; gives how many were new, and how many the database will never take. */
  insert(records: readonly string[], signal: AbortSignal): Promise<InsertedRecords>;
}

export interface InsertedRecords {
  readonly added: number;
  readonly refused: number;
}

/** Records by what became of them, since the start. */
export interface SinkFigures {
  readonly waiting: number;
  readonly written: number;
  /** Given up since too many waited, or since the sink was closed. */
  readonly dropped: number;
  /** Not taken by the database for what they hold. */
  readonly refused: number;
  /** Tries that failed; their records went on waiting. */
  readonly failures: number;
}

/** The caller disposes it: what waits is written out first, as far as that is possible in time. */
export interface RecordSink<T extends object> extends AsyncDisposable {
  /** Takes a record; never waits and never fails. */
  push(record: T): void;
  readonly figures: SinkFigures;
}

export interface RecordSinkOptions {
  readonly writer: RecordWriter;
  /** Records that may wait; further ones are dropped. */
  readonly queueRows: number;
  readonly log: StoreLog;
  /** How long writing out may take when the sink is closed. */
  readonly closeMs?: number;
}

const BATCH_ROWS = 500;
const BATCH_EVERY_MS = 1000;
const SHORTEST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const CLOSE_MS = 5000;

export function openRecordSink<T extends object>(options: RecordSinkOptions): RecordSink<T> {
  return new BatchedSink<T>(options);
}

class BatchedSink<T extends object> implements RecordSink<T> {
  readonly #options: RecordSinkOptions;
  /** Each is text already: writing a batch must not hold the thread up. */
  readonly #waiting: string[] = [];
  readonly #counts = { written: 0, dropped: 0, refused: 0, failures: 0 };
  readonly #away;
  readonly #full;
  readonly #closing = new AbortController();
  readonly #givenUp = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: RecordSinkOptions) {
    const { log } = options;
    this.#options = options;
    this.#away = openOutage(log, {
      began: 'PostgreSQL does not take records; they wait',
      ended: 'PostgreSQL takes records again',
    });
    this.#full = openOutage(log, {
      began: 'too many records wait for PostgreSQL; further ones stay in the log on disk alone',
      ended: 'records wait for PostgreSQL again',
    });
  }

  get figures(): SinkFigures {
    return { waiting: this.#waiting.length, ...this.#counts };
  }

  push(record: T): void {
    if (this.#waiting.length >= this.#options.queueRows || this.#closing.signal.aborted) {
      this.#counts.dropped += 1;
      this.#full.began(`${String(this.#waiting.length)} wait`);
      return;
    }
    this.#waiting.push(JSON.stringify(record));
    if (this.#waiting.length >= BATCH_ROWS) this.#send();
    else this.#later();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const late = setTimeout(() => {
      this.#givenUp.abort();
    }, this.#options.closeMs ?? CLOSE_MS);
    this.#send();
    await this.#sending;
    clearTimeout(late);
    this.#options.writer[Symbol.dispose]();
    const left = this.#waiting.splice(0).length;
    this.#counts.dropped += left;
    if (left > 0)
      this.#options.log.warn(
        { records: left },
        'records were not written to PostgreSQL; the log on disk has them',
      );
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#send();
    }, BATCH_EVERY_MS).unref();
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
      if (this.#waiting.length > 0 && !this.#closing.signal.aborted) this.#later();
    });
  }

  /** Writes while there are whole batches, and all there is when it is the last time. */
  async #drain(): Promise<void> {
    let pauseMs = SHORTEST_PAUSE_MS;
    let isDue = true;
    while (
      this.#waiting.length > 0 &&
      (isDue || this.#closing.signal.aborted) &&
      !this.#givenUp.signal.aborted
    ) {
      const batch = this.#waiting.slice(0, BATCH_ROWS);
      try {
        const { refused } = await this.#options.writer.insert(batch, this.#givenUp.signal);
        this.#waiting.splice(0, batch.length);
        this.#counts.written += batch.length - refused;
        this.#counts.refused += refused;
        if (refused > 0)
          this.#options.log.warn({ records: refused }, 'PostgreSQL refuses records for what they hold');
        this.#away.ended();
        if (this.#waiting.length <= this.#options.queueRows / 2) this.#full.ended();
        pauseMs = SHORTEST_PAUSE_MS;
        isDue = this.#waiting.length >= BATCH_ROWS;
      } catch (error) {
        this.#counts.failures += 1;
        this.#away.began(reasonOf(error));
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  /** Before the next try: long while the server runs, short when it is about to end. */
  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#closing.signal.aborted ? this.#givenUp : this.#closing;
    const length = this.#closing.signal.aborted ? SHORTEST_PAUSE_MS : milliseconds;
    await pause(length, undefined, { signal, ref: this.#closing.signal.aborted }).catch(() => undefined);
  }
}
