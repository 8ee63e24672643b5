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
  type WorkRow,
} from '../../desk/index.ts';
import { SCORES_TABLE } from '../../decide/index.ts';
import type { Engine } from '../../engine/index.ts';
import { type Clock, HoldfastError } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { StoreLog } from '../../store/index.ts';
import type { WorkBook, WorkState } from '../../work/index.ts';
import { type WorkDay, workRowOf } from './work-rows.ts';

export interface LiveModelParts {
  /** A database of its own. */
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly clock: Clock;
  readonly work: WorkBook;
  /** Hears of what could not be kept up, which nobody is told otherwise. */
  readonly log: Pick<StoreLog, 'warn'>;
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

/** A question to a model, with what was counted when it was loaded. */
export interface OpenQuestion extends Question {
  readonly figures: ScoreFigures;
}

/** One model for several questions, whatever is loaded meanwhile. */
export interface HeldModel {
  readonly model: ReadModel;
  /** What the state of work is seen beside. */
  readonly day: WorkDay;
  readonly ask: <T>(answer: (question: OpenQuestion) => Promise<T>) => Promise<T>;
}

/** A question whose answer lasts as long as whoever takes it in; `release` it then. */
export interface OpenFile extends Question {
  /** From now on its session alone is wanted: the model may go. */
  readonly leaveModel: () => void;
  readonly release: () => void;
}

const LOOK_EVERY_MS = 2000;
/** Questions that are answered at once. */
const SESSIONS = 4;
/** Files that are read at once: they last as long as whoever takes them in. */
const FILES = 2;
/** Files that wait for others to be read. */
const FILES_WAITING = 8;
/** Nobody waits longer for what others recorded: where PostgreSQL is away, it takes seconds to notice. */
const PATIENCE_MS = 200;

export class LiveModel implements AsyncDisposable {
  readonly #parts: LiveModelParts;
  readonly #sessions: SessionPool;
  readonly #files: SessionPool;
  readonly #writer: SessionPool;
  #held: Held | undefined;
  #number = 0;
  /** A change of the record did not get beside the scores: all of it is put there again. */
  #isBehind = false;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #loading: Promise<void> | undefined;
  /** The state of work changes in one place at a time, in the order of the record. */
  #writing: Promise<void> = Promise.resolve();

  constructor(parts: LiveModelParts) {
    this.#parts = parts;
    this.#sessions = new SessionPool(parts.engine, SESSIONS);
    this.#files = new SessionPool(parts.engine, FILES, FILES_WAITING);
    this.#writer = new SessionPool(parts.engine, 1);
  }

  /** The model of now; undefined before the first scoring. */
  async model(): Promise<ReadModel | undefined> {
    await this.#keepUp();
    return this.#held?.model;
  }

  /** Keeps the model of now for somebody until the work is done. HF602 before the first scoring. */
  async during<T>(actorId: string, work: (held: HeldModel) => Promise<T>): Promise<T> {
    const held = await this.#hold();
    try {
      const { model, figures, day } = held;
      return await work({
        model,
        day,
        ask: (answer) =>
          this.#sessions.use((engine) => answer({ ...this.#questionTo(held, actorId, engine), figures })),
      });
    } finally {
      this.#leave(held);
    }
  }

  /** Asks the model of now. HF602 before the first scoring. */
  ask<T>(actorId: string, answer: (question: OpenQuestion) => Promise<T>): Promise<T> {
    return this.during(actorId, ({ ask }) => ask(answer));
  }

  /** Opens a question that takes long to be answered. HF619 where too many wait to do so. */
  async openFile(actorId: string): Promise<OpenFile> {
    const held = await this.#hold();
    let isLeft = false;
    const leaveModel = (): void => {
      if (!isLeft) this.#leave(held);
      isLeft = true;
    };
    try {
      const engine = await this.#files.take();
      return {
        ...this.#questionTo(held, actorId, engine),
        leaveModel,
        release: () => {
          this.#files.release(engine);
          leaveModel();
        },
      };
    } catch (error) {
      leaveModel();
      throw error;
    }
  }

  /**
   * Takes over what the record of work says of these entities now. It never fails: what was recorded is, and where it
   * does not get beside the scores, that is tried again.
   */
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
    }).catch((error: unknown) => {
      this.#isBehind = true;
      this.#warn(error, 'work is recorded, and not yet seen in the queue');
    });
  }

  async #hold(): Promise<Held> {
    await this.#keepUp();
    const held = this.#held;
    if (held === undefined) throw nothingScored();
    held.questions += 1;
    return held;
  }

  #leave(held: Held): void {
    held.questions -= 1;
    this.#dropIfDone(held);
  }

  #questionTo({ model }: Held, actorId: string, engine: Engine): Question {
    return { engine, model, actorId, now: this.#parts.clock.now().toISOString() };
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
    await atMost(this.#looking, PATIENCE_MS);
  }

  /** Whatever goes wrong here, what answers goes on answering; it is looked again soon. */
  async #look(): Promise<void> {
    const { lake, work } = this.#parts;
    try {
      await this.tell(await work.refresh());
    } catch (error) {
      this.#warn(error, 'the record of work cannot be read; the queue shows what was known');
    }
    const held = this.#held;
    if (held === undefined) return;
    if (this.#isBehind || this.#today() !== held.day.today) await this.#reloadWork(held);
    try {
      const newest = await lake.snapshot(SCORES_TABLE);
      const { id, version } = held.model.source;
      if (newest.version === version && newest.id === id) return;
    } catch (error) {
      this.#warn(error, 'the scores cannot be read; the queue shows those that were');
      return;
    }
    // Nobody waits for it: until it is there the one before answers.
    this.#load().catch((error: unknown) => {
      this.#warn(error, 'the newest scores cannot be loaded; the queue shows those before');
    });
  }

  async #reloadWork(held: Held): Promise<void> {
    this.#isBehind = false;
    try {
      await this.#write((engine) => this.#loadWork(engine, held));
    } catch (error) {
      this.#isBehind = true;
      this.#warn(error, 'the state of work cannot be loaded; the queue shows what was known');
    }
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadNow().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadNow(): Promise<void> {
    const { lake, pack, engine, work } = this.#parts;
    // What may be away comes first: no tables are made that nobody can use.
    await this.tell(await work.refresh());
    this.#number += 1;
    const parts = { engine, lake, pack, scoresTable: SCORES_TABLE, number: this.#number };
    const model = await loadReadModel(parts);
    if (model === undefined) return;
    try {
      await this.#takeOver(model, await scoreFigures(engine, model));
    } catch (error) {
      this.#drop(model);
      throw error;
    }
    const { scored, read } = model.featureVersions;
    if (read !== scored)
      this.#parts.log.warn({ scored, read }, 'the features that were scored are gone; others are shown');
  }

  /** Puts a model in the place of the one that answers. */
  async #takeOver(model: ReadModel, figures: ScoreFigures): Promise<void> {
    const held: Held = { model, figures, day: this.#dayOf(model), questions: 0, isReplaced: false };
    await this.#write(async (session) => {
      await this.#loadWork(session, held);
      const before = this.#held;
      this.#held = held;
      this.#isBehind = false;
      if (before === undefined) return;
      before.isReplaced = true;
      this.#dropIfDone(before);
    });
  }

  async #loadWork(engine: Engine, held: Held): Promise<void> {
    const day = this.#dayOf(held.model);
    await loadWork(engine, held.model.work, rowsOf([...this.#parts.work.states()], day));
    held.day = day;
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
    if (held.isReplaced && held.questions === 0) this.#drop(held.model);
  }

  #drop(model: ReadModel): void {
    this.#write((engine) => dropReadModel(engine, model)).catch((error: unknown) => {
      this.#warn(error, 'tables that nobody reads any more cannot be dropped');
    });
  }

  #warn(error: unknown, message: string): void {
    this.#parts.log.warn({ err: error }, message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#looking?.catch(() => undefined);
    await this.#loading?.catch(() => undefined);
    await this.#writing;
    for (const sessions of [this.#sessions, this.#files, this.#writer]) await sessions[Symbol.asyncDispose]();
  }
}

function* rowsOf(states: Iterable<[id: string, state: WorkState]>, day: WorkDay): Generator<WorkRow> {
  for (const [id, state] of states) yield workRowOf(id, state, day);
}

/** Waits for it, and no longer than that. */
async function atMost(done: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([done, late]).finally(() => {
    clearTimeout(timer);
  });
}

const nothingScored = (): HoldfastError =>
  new HoldfastError('HF602', {
    message: 'nothing was scored yet',
    hint: 'score first: holdfast run, or holdfast score',
  });
