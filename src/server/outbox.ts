/** Answers that wait until their records are safe: one write for all that are answered in the same turn. */
export class Outbox {
  readonly #flush: () => void;
  #waiting: (() => void)[] = [];

  constructor(flush: () => void) {
    this.#flush = flush;
  }

  /** Sends when the requests that came together are all scored and their records are flushed. */
  send(answer: () => void): void {
    if (this.#waiting.push(answer) === 1)
      setImmediate(() => {
        this.#sendAll();
      });
  }

  #sendAll(): void {
    const answers = this.#waiting;
    this.#waiting = [];
    this.#flush();
    for (const answer of answers) answer();
  }
}
