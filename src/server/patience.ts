/** Work that is done one after the other, turned away where waiting for it would take too long. */
import { overloaded } from './pressure.ts';

/** How much of the mean the newest measurement makes up. */
const NEWEST_SHARE = 0.1;

export class Patience {
  readonly #atMostMs: number;
  #waiting = 0;
  /** What one piece of work takes, as far as is known. */
  #meanMs = 0;

  constructor(atMostMs: number) {
    this.#atMostMs = atMostMs;
  }

  /** Does the work, which waits for its turn by itself. HF619 where its turn would come too late. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting * this.#meanMs > this.#atMostMs) throw overloaded();
    this.#waiting += 1;
    const pieces = this.#waiting;
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      const own = (performance.now() - startedAt) / pieces;
      this.#meanMs += (own - this.#meanMs) * NEWEST_SHARE;
    }
  }
}
