/**
 * The read model of the newest scores, kept up with them and with the record of work. Another model is loaded beside the
 * one that answers and takes its place in one go; questions under way finish on the one that they began with.
 */
import {
  dropReadModel,
  loadReadModel,
  loadWork,
  putWork,
  type Question,
  type ReadModel,
  type ScoreFigures,
  scoreFigures,
  SessionPool,
} from '../../desk/index.ts';
import { SCORES_TABLE } from '../../decide/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type Clock, HoldfastError } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { WorkBook } from '../../work/index.ts';
import { type WorkDay, workRowOf } from './work-rows.ts';

export interface LiveModelParts {
  /** A database of its own. */
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly clock: Clock;
  readonly work: WorkBook;
}

/** A model with those who ask it. */
interface Held {
  readonly model: ReadModel;
  readonly figures: ScoreFigures;
  /** Day that the state of work was put beside it. */
  day: WorkDay;
  questions: number;
  isReplaced: boolean;
}

/** A question to the model of now; `release` it when it is answered. */
export interface OpenQuestion extends Question {
  readonly figures: ScoreFigures;
  readonly release: () => void;
}

const LOOK_EVERY_MS = 2000;
/** Questions that are answered at once. */
const SESSIONS = 4;
/** Files that are read at once: they last as long as whoever takes them in. */
const FILES = 2;

export class LiveModel implements AsyncDisposable {
  readonly #parts: LiveModelParts;
  readonly #sessions: SessionPool;
  readonly #files: SessionPool;
  readonly #writer: SessionPool;
  #held: Held | undefined;
  #number = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #loading: Promise<void> | undefined;
  /** The state of work changes in one place at a time, in the order of the record. */
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: LiveModelParts) {
    this.#parts = parts;
    this.#sessions = new SessionPool(parts.engine, SESSIONS);
    this.#files = new SessionPool(parts.engine, FILES);
    this.#writer = new SessionPool(parts.engine, 1);
  }

  /** The model of now; undefined before the first scoring. */
  async model(): Promise<ReadModel | undefined> {
    await this.#keepUp();
    return this.#held?.model;
  }

  /** Opens a question for somebody, by default one that is answered soon. HF602 before the first scoring. */
  async open(actorId: string, kind: 'page' | 'file' = 'page'): Promise<OpenQuestion> {
    const sessions = kind === 'file' ? this.#files : this.#sessions;
    await this.#keepUp();
    const held = this.#held;
    if (held === undefined) throw nothingScored();
    held.questions += 1;
    const leave = (): void => {
      held.questions -= 1;
      this.#dropIfDone(held);
    };
    try {
      const engine = await sessions.take();
      return {
        engine,
        model: held.model,
        figures: held.figures,
        actorId,
        now: this.#parts.clock.now().toISOString(),
        release: () => {
          sessions.release(engine);
          leave();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async ask<T>(actorId: string, answer: (question: OpenQuestion) => Promise<T>): Promise<T> {
    const question = await this.open(actorId);
    try {
      return await answer(question);
    } finally {
      question.release();
    }
  }

  /** Takes over what the record of work says of these entities now. */
  async tell(ids: Iterable<string>): Promise<void> {
    const changed = [...ids];
    if (changed.length === 0) return;
    await this.#write(async (engine) => {
      const held = this.#held;
      if (held === undefined) return;
      const states = this.#parts.work.states();
      for (const id of changed) {
        const state = states.get(id);
        if (state !== undefined) await putWork(engine, held.model.work, workRowOf(id, state, held.day));
      }
    });
  }

  async #keepUp(): Promise<void> {
    if (this.#held === undefined) {
      await this.#load();
      return;
    }
    if (this.#looking === undefined && performance.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#looking ??= this.#look().finally(() => {
      this.#lookedAt = performance.now();
      this.#looking = undefined;
    });
    await this.#looking;
  }

  /** Whatever goes wrong here, what answers goes on answering; it is looked again soon. */
  async #look(): Promise<void> {
    const { lake, work } = this.#parts;
    await work
      .refresh()
      .then((ids) => this.tell(ids))
      .catch(() => undefined);
    const held = this.#held;
    if (held === undefined) return;
    if (this.#today() !== held.day.today)
      await this.#write((engine) => this.#loadWork(engine, held)).catch(() => undefined);
    const newest = await lake.snapshot(SCORES_TABLE).catch(() => undefined);
    // Nobody waits for it: until it is there the one before answers.
    const { id, version } = held.model.source;
    if (newest !== undefined && (newest.version !== version || newest.id !== id)) this.#load().catch(() => undefined);
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<void> {
    const { lake, pack, engine } = this.#parts;
    this.#number += 1;
    const parts = { engine, lake, pack, scoresTable: SCORES_TABLE, number: this.#number };
    const model = await loadReadModel(parts);
    if (model === undefined) return;
    const figures = await scoreFigures(engine, model);
    const held: Held = { model, figures, day: this.#dayOf(model), questions: 0, isReplaced: false };
    await this.tell(await this.#parts.work.refresh());
    await this.#write(async (session) => {
      await this.#loadWork(session, held);
      const before = this.#held;
      this.#held = held;
      if (before === undefined) return;
      before.isReplaced = true;
      this.#dropIfDone(before);
    });
  }

  async #loadWork(engine: Engine, held: Held): Promise<void> {
    held.day = this.#dayOf(held.model);
    const states = [...this.#parts.work.states()];
    await loadWork(
      engine,
      held.model.work,
      states.map(([id, state]) => workRowOf(id, state, held.day)),
    );
  }

  #dayOf({ asOf }: ReadModel): WorkDay {
    return {
      today: this.#today(),
      scoreDate: asOf,
      restDays: this.#parts.pack.file.dashboard.rest_days,
    };
  }

  #today(): string {
    return this.#parts.clock.now().toISOString().slice(0, 10);
  }

  #write(change: (engine: Engine) => Promise<void>): Promise<void> {
    const written = this.#writing.then(() => this.#writer.use(change));
    this.#writing = written.catch(() => undefined);
    return written;
  }

  #dropIfDone(held: Held): void {
    if (held.isReplaced && held.questions === 0)
      this.#write((engine) => dropReadModel(engine, held.model)).catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loading?.catch(() => undefined);
    await this.#looking?.catch(() => undefined);
    await this.#writing;
    for (const sessions of [this.#sessions, this.#files, this.#writer]) await sessions[Symbol.asyncDispose]();
  }
}

const nothingScored = (): HoldfastError =>
  new HoldfastError('HF602', {
    message: 'nothing was scored yet',
    hint: 'score first: holdfast run, or holdfast score',
  });
