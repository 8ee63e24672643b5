/** How busy the server is: it turns requests away before answering them would take long. */
import { HoldfastError } from '../kernel/index.ts';

export interface PressureLimits {
  /** Longest time that the process may be behind its timers, in milliseconds. */
  readonly maxDelayMs: number;
  /** Rows that may wait for their scores at once. */
  readonly maxWaitingRows: number;
}

const SAMPLE_EVERY_MS = 50;
const RETRY_AFTER_SECONDS = 1;

export class Pressure implements Disposable {
  readonly #limits: PressureLimits;
  readonly #timer: NodeJS.Timeout;
  #expectedAt = performance.now() + SAMPLE_EVERY_MS;
  #delayMs = 0;
  #waitingRows = 0;

  constructor(limits: PressureLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => {
      this.#delayMs = Math.max(0, performance.now() - this.#expectedAt);
      this.#expectedAt = performance.now() + SAMPLE_EVERY_MS;
    }, SAMPLE_EVERY_MS).unref();
  }

  /** HF619 where a request that came now would have to wait too long. */
  admit(): void {
    if (this.#delayMs > this.#limits.maxDelayMs) throw overloaded();
  }

  /** Takes rows in; call `leave` when they are answered. HF619 where too many wait already, unless none does. */
  enter(rows: number): void {
    if (this.#waitingRows > 0 && this.#waitingRows + rows > this.#limits.maxWaitingRows) throw overloaded();
    this.#waitingRows += rows;
  }

  leave(rows: number): void {
    this.#waitingRows -= rows;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** Seconds after which a client may try again, for the header `Retry-After`. */
export function retryAfter(error: HoldfastError): number | undefined {
  return error.code === 'HF619' || error.code === 'HF602' ? RETRY_AFTER_SECONDS : undefined;
}

/** HF619. */
export function overloaded(): HoldfastError {
  return new HoldfastError('HF619', {
    message: 'the server has more to do than it can answer in time',
    hint: 'try again after the time that Retry-After says, or send fewer rows at once',
  });
}
