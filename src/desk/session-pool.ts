import type { Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';

/** A few sessions of one database: questions are answered side by side, and more of them wait for their turn. */
export class SessionPool implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #size: number;
  readonly #waitersAtMost: number;
  readonly #free: Engine[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(engine: Engine, size: number, waitersAtMost = Number.POSITIVE_INFINITY) {
    this.#engine = engine;
    this.#size = size;
    this.#waitersAtMost = waitersAtMost;
  }

  /** A session for whoever asks; give it back with `release`. HF619 where as many wait as may. */
  async take(): Promise<Engine> {
    if (this.#busy >= this.#size) {
      if (this.#waiting.length >= this.#waitersAtMost) throw tooMany();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy += 1;
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

const tooMany = (): HoldfastError =>
  new HoldfastError('HF619', {
    message: 'too many others wait for the same already',
    hint: 'try again in a minute',
  });
