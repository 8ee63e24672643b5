import type { Engine } from '../engine/index.ts';

/** A few sessions of one database: questions are answered side by side, and more of them wait for their turn. */
export class SessionPool implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #size: number;
  readonly #free: Engine[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(engine: Engine, size: number) {
    this.#engine = engine;
    this.#size = size;
  }

  /** A session for whoever asks; give it back with `release`. */
  async take(): Promise<Engine> {
    if (this.#busy >= this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      return this.#free.pop() ?? (await this.#engine.session());
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  release(session: Engine): void {
    this.#free.push(session);
    this.#leave();
  }

  async use<T>(work: (session: Engine) => Promise<T>): Promise<T> {
    const session = await this.take();
    try {
      return await work(session);
    } finally {
      this.release(session);
    }
  }

  #leave(): void {
    // Its place goes to who waits, before anybody else can take it.
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#free.splice(0)) await session[Symbol.asyncDispose]();
  }
}
