/** What a service answers with, made anew where something it was made of is newer. */
import { lowestAdmitted, rowTier, SCORES_TABLE } from '../../decide/index.ts';
import type { DuckDbOptions, Engine } from '../../engine/index.ts';
import { reasonMaker } from '../../explain/index.ts';
import { type Clock, hashOf, HoldfastError, type Progress, silentProgress } from '../../kernel/index.ts';
import { type Lake, openLake } from '../../lake/index.ts';
import type { LearnerOptions } from '../../learner/index.ts';
import type { LoadedSet } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { Answering } from './answer.ts';
import { type AnswerCache, scopeOf } from './answer-cache.ts';
import { type FeatureIndex, featureIndex, indexVersions, wholeFeatures } from './feature-index.ts';
import { inThread } from './in-thread.ts';
import { modelReader, type ReadModels } from './read-models.ts';
import { requestFeatures } from './request-features.ts';
import { openServedModels, type ServedModels } from './served-models.ts';
import type { RequestFeature, ServedSet } from './service.ts';

export interface ScoringParts {
  /** With the settings of the configuration laid over its own. */
  readonly pack: Pack;
  readonly clock: Clock;
  /**
   * Reads the set to answer with, as of now; undefined where none is in use. `before` is what it gave last: it may be
   * given again where it is still the one.
   */
  readonly loadSet: (before?: LoadedSet) => Promise<LoadedSet | undefined>;
  /** Reads model texts; `loadSet` may have checked them by it already. */
  readonly readModels?: ReadModels;
  /** Opens an engine with so many threads, by default as many as are configured; the service disposes it. */
  readonly openEngine: (threads?: number) => Promise<Engine>;
  /** Folder of the lake that keys are looked up in; without it requests must give all features. */
  readonly lake?: string;
  /** Settings of the engine that reads the features, in a thread of its own. */
  readonly indexEngine?: DuckDbOptions;
  /** Requests with features are answered while those of keys are still being read; default false. */
  readonly isLookupLater?: boolean;
  /** They are not begun to be read before this; without it at once. */
  readonly lookupAfter?: Promise<unknown> | undefined;
  readonly libraries?: LearnerOptions['libraries'];
  /** Thresholds in place of the pack's, by the name of the tier in any case. */
  readonly thresholds?: Readonly<Record<string, number>>;
  readonly progress?: Progress;
  /** Keeps answers; without it each is worked out. */
  readonly cache?: AnswerCache | undefined;
}

/** All that requests are answered with; exchanged as a whole. */
export interface Loaded extends Answering {
  readonly set: ServedSet;
  readonly requested: readonly RequestFeature[];
  readonly lookup: Lookup;
  /** What it was made of: equal things, equal stamp. */
  readonly stamp: string;
  /** What kept answers are made of, beside the row and the question. */
  readonly scope: string;
}

/** What came from the lake. */
interface Lookup {
  readonly index: FeatureIndex | undefined;
  /** The index will be there with the next load. */
  readonly isLoading: boolean;
  readonly whole: ReadonlySet<string>;
  /** Why there is no index. */
  readonly failure: string;
  /** What it was made of. */
  readonly stamp: string;
}

const noLookup = (failure: string): Lookup => ({
  index: undefined,
  isLoading: false,
  whole: new Set(),
  failure,
  stamp: failure,
});

/**
 * Loads what is newer than `before`, and gives `before` itself where nothing is. Throws what makes the new unusable:
 * HF108 without a set, HF503 and HF504 for one that is damaged or does not fit, HF602 where its tiers need a batch that
 * was not scored yet.
 */
export async function load(parts: ScoringParts, before: Loaded | undefined): Promise<Loaded> {
  const { pack, clock, readModels = modelReader() } = parts;
  const loaded = await parts.loadSet(before?.served.loaded);
  if (loaded === undefined)
    throw new HoldfastError('HF108', {
      message: 'no model set is in use',
      hint: 'train and promote one: holdfast run, holdfast models promote',
    });
  const isKnown = before?.set.id === loaded.set.id && before.set.hash === loaded.set.hash;
  const served = isKnown ? before.served : await openServedModels(loaded, pack, parts.libraries, readModels);
  try {
    const { lookup, admitted } = await fromLake(parts, served, before?.lookup);
    const set = isKnown ? before.set : servedSet(served, pack, clock);
    const stamp = hashOf({
      set: [set.id, set.hash, set.loadedAt],
      lookup: lookup.stamp,
      admitted: admitted?.map(String) ?? null,
    });
    if (before?.stamp === stamp) return before;
    return {
      pack,
      served,
      tierOf: rowTier({
        tiers: pack.file.tiers,
        value: pack.file.value,
        horizons: served.models.map(({ model }) => model.horizonDays),
        ...(admitted === undefined ? {} : { lowestAdmitted: admitted }),
      }),
      reasonsOf: reasonMaker(pack, served.encoding),
      set,
      requested: requestFeatures(pack, served.encoding, lookup.whole),
      lookup,
      stamp,
      scope: scopeOf({ pack, set, lookup: lookup.stamp, admitted }),
    };
  } catch (error) {
    if (!isKnown) served[Symbol.dispose]();
    throw error;
  }
}

async function fromLake(
  parts: ScoringParts,
  served: ServedModels,
  before: Lookup | undefined,
): Promise<{ readonly lookup: Lookup; readonly admitted: readonly number[] | undefined }> {
  const { pack, lake: root, clock, openEngine, progress = silentProgress } = parts;
  if (root === undefined) return { lookup: noLookup('the service reads no lake'), admitted: undefined };
  await using engine = await openEngine();
  // Versions are compared again and again, in the thread that answers: no engine is to be started for them.
  const lake = openLake({ root, engine, clock, progress, readsCommits: true });
  const admitted =
    pack.file.tiers.basis === 'capacity' ? await admittedBy(engine, lake, pack, served) : undefined;
  const versions = await indexVersions(lake, pack);
  if (versions === undefined) {
    if (before?.index === undefined) return { lookup: noLookup('the lake has no features yet'), admitted };
    throw new HoldfastError('HF301', {
      message: `the tables that keys are looked up in are not there any more`,
      hint: 'bring the lake back; the features of before go on being looked up',
      place: { file: root },
    });
  }
  const stamp = hashOf({ versions, encoding: served.encoding });
  if (before?.stamp === stamp) return { lookup: before, admitted };
  const whole = await wholeFeatures(lake, pack);
  if (before === undefined && parts.isLookupLater === true) {
    const failure = 'they are still being read';
    return { lookup: { ...noLookup(failure), isLoading: true, whole }, admitted };
  }
  try {
    const { encoding } = served;
    const order = {
      kind: 'index',
      engine: parts.indexEngine ?? {},
      lake: root,
      pack,
      encoding,
      versions,
    } as const;
    const { data, warnings } = await inThread(order);
    for (const warning of warnings) progress.warn(warning);
    const index = featureIndex(data, encoding);
    return { lookup: { index, isLoading: false, whole, failure: '', stamp }, admitted };
  } catch (error) {
    // Those of before go on being looked up; without any, requests that give their features are answered all the same.
    if (before?.index !== undefined || !(error instanceof HoldfastError)) throw error;
    progress.warn(`features cannot be looked up: ${error.message}`);
    return { lookup: noLookup(error.message), admitted };
  }
}

async function admittedBy(
  engine: Engine,
  lake: Lake,
  pack: Pack,
  { loaded }: ServedModels,
): Promise<readonly number[] | undefined> {
  if (!(await lake.exists(SCORES_TABLE))) return undefined;
  await lake.attach([SCORES_TABLE]);
  return lowestAdmitted(engine, pack.file.tiers, loaded.set.id);
}

function servedSet({ loaded, models }: ServedModels, pack: Pack, clock: Clock): ServedSet {
  const { basis, ladder, otherwise } = pack.file.tiers;
  return {
    id: loaded.set.id,
    hash: loaded.set.hash,
    loadedAt: clock.now().toISOString(),
    models: models.map(({ model, predictor, loadSeconds }) => ({
      name: model.name,
      version: model.version,
      days: model.horizonDays,
      trees: predictor.trees,
      loadSeconds,
    })),
    tiers: {
      basis,
      ladder: ladder.map(({ name, horizon, threshold, capacity }) => ({
        name,
        horizon,
        threshold,
        ...(capacity === undefined ? {} : { capacity }),
      })),
      otherwise,
    },
  };
}
