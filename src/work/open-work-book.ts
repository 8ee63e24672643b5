/** The book over a log: it decides by what it has read, and where somebody was quicker, it reads and decides again. */
import { isDeepStrictEqual } from 'node:util';
import { type Clock, HoldfastError } from '../kernel/index.ts';
import { decide, type DecisionFacts } from './decide.ts';
import { fold, UNTOUCHED } from './fold.ts';
import { statusOf } from './status-of.ts';
import type { Person, WorkBook, WorkCommand, Worker, WorkLog, WorkRecord, WorkState } from './work-book.ts';

export interface WorkBookOptions {
  /** Who has this id and may be given work; without it a lead gives work to nobody else. */
  readonly person?: (id: string) => Person | undefined;
}

/** So often somebody else was quicker: the log then takes more than one process can decide. */
const TRIES = 50;
/** Who asks for the same again after a failure does it within this time; later it is meant as another one. */
const RETRY_MS = 15 * 60_000;

/** A record of which the log did not say whether it has it: the connection may have failed behind it. */
interface Unsure {
  readonly record: WorkRecord;
  readonly command: WorkCommand;
}

/**
 * Reads the log and takes it over: the book closes it. Where it cannot be reached the book opens all the same, throws
 * HF631 as long as it has never been read, and reads it with the next `refresh`. HF108 for a damaged one.
 */
export async function openWorkBook(
  log: WorkLog,
  clock: Clock,
  options: WorkBookOptions = {},
): Promise<WorkBook> {
  const book = new LoggedWorkBook(log, clock, options);
  try {
    await book.open();
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
  return book;
}

class LoggedWorkBook implements WorkBook {
  readonly #log: WorkLog;
  readonly #clock: Clock;
  readonly #options: WorkBookOptions;
  readonly #states = new Map<string, WorkState>();
  readonly #records = new Map<string, WorkRecord[]>();
  #last = 0;
  /** Why nothing was read yet; undefined once something was. */
  #unread: HoldfastError | undefined;
  #changed = new Set<string>();
  /** By who acted and on what. */
  readonly #unsure = new Map<string, Unsure>();
  /** What is done with the log, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(log: WorkLog, clock: Clock, options: WorkBookOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#options = options;
  }

  async open(): Promise<void> {
    try {
      await this.#read();
      this.#changed = new Set();
    } catch (error) {
      if (!(error instanceof HoldfastError && error.code === 'HF631')) throw error;
      this.#unread = error;
    }
  }

  states(): ReadonlyMap<string, WorkState> {
    this.#requireRead();
    return this.#states;
  }

  history(entityId: string): readonly WorkRecord[] {
    this.#requireRead();
    return [...(this.#records.get(entityId) ?? [])];
  }

  record(entityId: string, command: WorkCommand, actor: Worker): Promise<WorkState> {
    return this.#inTurn(async () => {
      this.#requireRead();
      await this.#recordNow(entityId, command, actor);
      return this.#stateOf(entityId);
    });
  }

  async takeFirst(
    entityIds: AsyncIterable<string> | Iterable<string>,
    actor: Worker,
    isDue: (state: WorkState | undefined) => boolean = (state) => this.#isDue(state),
  ): Promise<string | null> {
    const isFree = (entityId: string): boolean => {
      const state = this.#states.get(entityId);
      return (state?.assignee ?? null) === null && isDue(state);
    };
    this.#requireRead();
    for await (const entityId of entityIds) {
      if (!isFree(entityId)) continue;
      // Others get their turn between two candidates, and may take this one before.
      const isTaken = await this.#inTurn(() =>
        this.#recordNow(entityId, { action: 'assign' }, actor, () => isFree(entityId)),
      );
      if (isTaken) return entityId;
    }
    return null;
  }

  async refresh(): Promise<ReadonlySet<string>> {
    await this.#inTurn(() => this.#read()).catch((error: unknown) => {
      // What is known goes on answering while the log is away; what is recorded then is refused.
      const isAway = error instanceof HoldfastError && error.code === 'HF631';
      if (this.#unread !== undefined || !isAway) throw error;
    });
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn.catch(() => undefined);
    await this.#log[Symbol.asyncDispose]();
  }

  /** Whether something was recorded. `isStillWanted` is asked before each try. */
  async #recordNow(
    entityId: string,
    command: WorkCommand,
    actor: Worker,
    isStillWanted: () => boolean = () => true,
  ): Promise<boolean> {
    if (await this.#isThereAlready(entityId, command, actor)) return true;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (!isStillWanted()) return false;
      const decision = await this.#decide(entityId, command, actor);
      if (decision === null) return false;
      const record: WorkRecord = {
        sequence: this.#last + 1,
        at: this.#clock.now().toISOString(),
        by: { id: actor.id, name: actor.name },
        entityId,
        ...decision,
      };
      if ((await this.#append(record, command)) === 'taken') {
        this.#take(record);
        return true;
      }
      await this.#read();
    }
    throw new HoldfastError('HF631', {
      message: 'others record more than this server gets to read',
      hint: 'try again',
    });
  }

  async #append(record: WorkRecord, command: WorkCommand): Promise<'taken' | 'conflict'> {
    try {
      return await this.#log.append(record);
    } catch (error) {
      this.#unsure.set(keyOf(record.by, record.entityId), { record, command });
      throw error;
    }
  }

  /** Whether the same was asked for just before, was answered with a failure, and is in the log all the same. */
  async #isThereAlready(entityId: string, command: WorkCommand, actor: Worker): Promise<boolean> {
    const key = keyOf(actor, entityId);
    const unsure = this.#unsure.get(key);
    if (unsure === undefined) return false;
    await this.#read();
    this.#unsure.delete(key);
    const { record } = unsure;
    const age = this.#clock.now().getTime() - Date.parse(record.at);
    if (age > RETRY_MS || !isDeepStrictEqual(command, unsure.command)) return false;
    return (this.#records.get(entityId) ?? []).some(
      ({ sequence, at, by, action }) =>
        sequence === record.sequence &&
        at === record.at &&
        by.id === record.by.id &&
        action === record.action,
    );
  }

  /** What this process knows may be old: before it refuses, it looks whether somebody has released or resumed it. */
  async #decide(entityId: string, command: WorkCommand, actor: Worker): Promise<ReturnType<typeof decide>> {
    const facts: DecisionFacts = { today: this.#today(), person: (id) => this.#options.person?.(id) };
    const sequence = this.#last;
    try {
      return decide(this.#stateOf(entityId), command, actor, facts);
    } catch (error) {
      await this.#read().catch(() => undefined);
      if (this.#last === sequence) throw error;
      return decide(this.#stateOf(entityId), command, actor, facts);
    }
  }

  async #read(): Promise<void> {
    const records = await this.#log.readFrom(this.#last + 1);
    for (const record of records) {
      this.#take(record);
      this.#changed.add(record.entityId);
    }
    this.#unread = undefined;
  }

  #take(record: WorkRecord): void {
    const { entityId } = record;
    this.#states.set(entityId, fold(this.#stateOf(entityId), record));
    const records = this.#records.get(entityId);
    if (records === undefined) this.#records.set(entityId, [record]);
    else records.push(record);
    this.#last = record.sequence;
  }

  #stateOf(entityId: string): WorkState {
    return this.#states.get(entityId) ?? UNTOUCHED;
  }

  #isDue(state: WorkState | undefined): boolean {
    const today = this.#today();
    // A matter that was settled before today may be due by newer scores; whoever hands in the ids knows.
    const facts = { today, scoreDate: today, isContacted: true, restDays: 1 };
    return statusOf(state, facts).status === 'due';
  }

  #today(): string {
    return this.#clock.now().toISOString().slice(0, 10);
  }

  #requireRead(): void {
    if (this.#unread !== undefined) throw this.#unread;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

const keyOf = ({ id }: Person, entityId: string): string => JSON.stringify([id, entityId]);
