/** How many requests each caller may send: a fixed window a caller, which begins with its first request. */
import { HoldfastError } from '../kernel/index.ts';

const WINDOW_MS = 60_000;
/** More callers than this are not told apart for long: the oldest are forgotten. */
const CALLERS_MOST = 5000;

interface Window {
  readonly endsAt: number;
  count: number;
}

/** What the headers `RateLimit-*` say after a request. */
export interface Allowance {
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

export class RateLimiter {
  readonly #most: number;
  readonly #windows = new Map<string, Window>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request; `now` in milliseconds of a clock that never goes back. */
  count(caller: string, now: number): Allowance {
    let window = this.#windows.get(caller);
    if (window === undefined || window.endsAt <= now) {
      this.#windows.delete(caller);
      window = { endsAt: now + WINDOW_MS, count: 0 };
      this.#windows.set(caller, window);
      if (this.#windows.size > CALLERS_MOST) this.#forgetOldest();
    }
    window.count += 1;
    return {
      remaining: Math.max(0, this.#most - window.count),
      resetSeconds: Math.ceil((window.endsAt - now) / 1000),
      isExceeded: window.count > this.#most,
    };
  }

  #forgetOldest(): void {
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}

export function tooManyRequests(most: number): HoldfastError {
  return new HoldfastError('HF618', {
    message: `more than ${String(most)} requests came within a minute`,
    hint: 'wait as long as Retry-After says, or send rows in batches',
  });
}
