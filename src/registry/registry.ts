/** The registry: model sets, which one is champion and challenger, and how that came about. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, HoldfastError, sha256 } from '../kernel/index.ts';
import { checkModelText } from '../learner/index.ts';
import {
  type ExportedSet,
  type LoadedSet,
  loadSet,
  modelFile,
  type ModelSet,
  readExport,
  type StoredModel,
} from '../model/index.ts';
import { linkTo, openHistory } from './history.ts';
import {
  aliasesAfter,
  type Change,
  EMPTY_STATE,
  type EvidenceReference,
  type RegistryEvent,
  type RegistryState,
  replay,
  requireSet,
} from './state.ts';

/** Who changes the registry and why. */
export interface Author {
  readonly by: string;
  readonly why?: string;
  readonly run?: string;
}

export interface Registry {
  readonly models: string;
  /** As of now; other processes may change it at any time. HF503 where the history is damaged. */
  state(): Promise<RegistryState>;
  /** All events, oldest first. */
  events(): Promise<readonly RegistryEvent[]>;
  /** What is wrong with the history although it can be read, in words; null where nothing is. */
  historyFault(): Promise<string | null>;
  /**
   * Appends what `decide` makes of the present state; nothing where that is undefined. When another process was
   * faster, `decide` is asked again with the state of then, and may throw. Returns the event.
   */
  change(
    author: Author,
    decide: (state: RegistryState) => Change | undefined,
  ): Promise<RegistryEvent | undefined>;
  /** Stores what a decision rests on, under its hash. */
  storeEvidence(evidence: object): Promise<EvidenceReference>;
  /** Reads stored evidence. HF503 where it is missing or not what was stored. */
  readEvidence(reference: EvidenceReference): Promise<unknown>;
}

/** Opens the registry of a models folder, which need not exist yet. */
export function openRegistry(models: string, clock: Clock): Registry {
  const history = openHistory(models);
  let known: { readonly events: readonly RegistryEvent[]; readonly state: RegistryState } = {
    events: [],
    state: EMPTY_STATE,
  };
  /** Of events that go on from those of before, the new ones alone are applied. */
  const stateAfter = (events: readonly RegistryEvent[]): RegistryState => {
    const last = known.events.length - 1;
    const goesOn = last < 0 || events[last] === known.events[last];
    if (events !== known.events)
      known = { events, state: replay(events, goesOn ? known.state : EMPTY_STATE) };
    return known.state;
  };
  return {
    models,
    state: async () => stateAfter(await history.read()),
    events: () => history.read(),
    historyFault: () => history.fault(),
    async change({ by, why, run }, decide) {
      for (;;) {
        const events = await history.read();
        const state = stateAfter(events);
        const change = decide(state);
        if (change === undefined) return undefined;
        const { champion, challenger } = state;
        const event: RegistryEvent = {
          ...change,
          number: state.number + 1,
          id: randomUUID(),
          previous: linkTo(events.at(-1)),
          at: clock.now().toISOString(),
          by,
          why: why ?? null,
          run: run ?? null,
          before: { champion, challenger },
          after: aliasesAfter(state, change),
        };
        if (await history.append(event)) return event;
      }
    },
    async storeEvidence(evidence) {
      const text = `${JSON.stringify(evidence, undefined, 1)}\n`;
      const hash = sha256(text);
      const file = path.join('evidence', `${hash.slice(0, 16)}.json`);
      await mkdir(path.join(models, 'evidence'), { recursive: true });
      // Under its own hash: what is written twice is the same.
      await writeFile(path.join(models, file), text, { flush: true });
      return { file, hash };
    },
    async readEvidence({ file, hash }) {
      const text = await readFile(path.join(models, file), 'utf8').catch((cause: unknown) => {
        throw damagedEvidence(path.join(models, file), 'is missing', cause);
      });
      if (sha256(text) !== hash) throw damagedEvidence(path.join(models, file), 'is not what was stored');
      return JSON.parse(text) as unknown;
    },
  };
}

/** The set in use with its models, or undefined where none was promoted yet. HF503 where it is damaged. */
export async function championSet(registry: Registry): Promise<LoadedSet | undefined> {
  const { champion } = await registry.state();
  return champion === null ? undefined : registeredSet(registry, champion);
}

/**
 * A set with its models, as it was registered. HF503 where it is damaged, HF504 where a model does not read the
 * features of its encoding, HF507 where there is no such set.
 */
export async function registeredSet(registry: Registry, id: number, read?: ReadFeatures): Promise<LoadedSet> {
  const { hash } = requireSet(await registry.state(), id);
  const loaded = await loadSet(registry.models, id);
  requireHash(loaded.set, hash);
  await requireUsable(loaded, ({ name, version }) => path.join(registry.models, name, String(version)), read);
  return loaded;
}

/** A set with its models from a folder that `models export` wrote. Errors as of `registeredSet`, but for HF507. */
export async function exportedSet(folder: string, read?: ReadFeatures): Promise<ExportedSet> {
  const loaded = await readExport(folder);
  await requireUsable(loaded, ({ name }) => path.join(loaded.folder, name), read);
  return loaded;
}

/** Reads and checks the texts of models and says how many features each has; one that is no model rejects with HF503. */
export type ReadFeatures = (
  models: readonly StoredModel[],
) => readonly (() => Promise<{ readonly features: number }>)[];

const readHere: ReadFeatures = (models) =>
  models.map(
    ({ learner, modelText }) =>
      () =>
        Promise.resolve(checkModelText(learner.name, modelText)),
  );

/**
 * Checks the model texts in this very process, before a library is trusted with them: HF503 and HF504 that name the
 * file below what `folderOf` says. `read` may do so in another thread.
 */
export async function requireUsable(
  { models }: LoadedSet,
  folderOf: (model: StoredModel) => string,
  read: ReadFeatures = readHere,
): Promise<void> {
  const readings = read(models);
  for (const [index, model] of models.entries()) {
    const { name, version, learner, encoding } = model;
    const place = { file: path.join(folderOf(model), modelFile(learner)) };
    const { features } = await checkedText(readings[index] as (typeof readings)[number], place);
    if (features === encoding.features.length) continue;
    throw new HoldfastError('HF504', {
      message: `${name} version ${String(version)} reads ${String(features)} features, but its encoding gives it ${String(encoding.features.length)}`,
      hint: 'restore the models folder from a backup, or train again',
      place,
    });
  }
}

async function checkedText(
  read: () => Promise<{ readonly features: number }>,
  place: { readonly file: string },
): Promise<{ readonly features: number }> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof HoldfastError)) throw cause;
    const { code, message, hint } = cause;
    throw new HoldfastError(code, { message, ...(hint === undefined ? {} : { hint }), place, cause });
  }
}

function requireHash(set: ModelSet, registered: string): void {
  if (set.hash === registered) return;
  throw new HoldfastError('HF503', {
    message: `set ${String(set.id)} is not the one that was registered under its number`,
    hint: 'restore the models folder from a backup, or train again',
  });
}

function damagedEvidence(file: string, what: string, cause?: unknown): HoldfastError {
  return new HoldfastError('HF503', {
    message: `the evidence of a promotion ${what}`,
    hint: 'restore the file from a backup, or judge the set again: holdfast models promote',
    place: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
