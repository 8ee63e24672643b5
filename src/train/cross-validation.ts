/** Candidates judged on folds: each fold learns on its train rows and is judged on rows it never saw. */
import { type FoldMetric, foldMetric, type FoldRows } from '../domain/index.ts';
import type { FeatureMatrix, Learner, TrainingResult } from '../learner/index.ts';
import type { StoredImbalance } from '../model/index.ts';
import type { Imbalance } from '../pack/index.ts';
import { withImbalance } from './imbalance.ts';
import { takeRows } from './training-matrix.ts';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Opens a learner by name; equal slots share one, work in different slots goes on side by side. */
export type LearnerOpener = (name: string, slot?: number) => Promise<Learner>;

/** How a model is made of some rows. */
export interface ModelRecipe {
  readonly learner: string;
  readonly parameters: Parameters;
  readonly rounds: number;
  /** Laid over the parameters after the weight of positives, which they may so replace. */
  readonly overrides?: Parameters;
}

/** What trainings of one horizon share. */
export interface TrainingGround {
  readonly openLearner: LearnerOpener;
  readonly features: FeatureMatrix;
  readonly featureNames: readonly string[];
  readonly categorical: readonly number[];
  readonly labels: Float32Array;
  readonly rowWeights?: Float64Array;
  readonly imbalance: Imbalance;
  readonly earlyStoppingRounds: number;
  readonly seed: number;
  /** 0 means as many as the machine has. */
  readonly threads: number;
  readonly signal?: AbortSignal;
}

export interface FittedModel {
  readonly result: TrainingResult;
  /** As the learner got them. */
  readonly parameters: Parameters;
  readonly imbalance: StoredImbalance;
  readonly learner: Learner;
}

/** Trains one model; early stopping only where there are stop rows. */
export async function fitModel(
  ground: TrainingGround,
  recipe: ModelRecipe,
  rows: { readonly train: Uint32Array; readonly stop: Uint32Array },
  options: {
    readonly slot?: number;
    readonly threads?: number;
    readonly onRound?: (round: number) => void;
  } = {},
): Promise<FittedModel> {
  const learner = await ground.openLearner(recipe.learner, options.slot ?? 0);
  const {
    task,
    parameters: own,
    record,
  } = withImbalance({
    ...ground,
    learner: recipe.learner,
    trainRows: rows.train,
    stopRows: rows.stop,
  });
  const parameters = { ...recipe.parameters, ...own, ...recipe.overrides };
  const result = await learner.train(
    {
      ...task,
      featureNames: ground.featureNames,
      categorical: ground.categorical,
      parameters,
      rounds: recipe.rounds,
      earlyStoppingRounds: rows.stop.length > 0 ? ground.earlyStoppingRounds : 0,
      seed: ground.seed,
      threads: options.threads ?? ground.threads,
    },
    options.onRound,
    ground.signal,
  );
  return { result, parameters, imbalance: record, learner };
}

/** What came of one fold. `scores` are of its judged rows, which no synthetic row is among. */
export interface JudgedFold {
  readonly metric: number;
  readonly trees: number;
  readonly scores: Float64Array;
}

/**
 * Judges a recipe on one fold. With `fixedRounds` all of them are kept; else the judged rows also say when to
 * stop, as they do for every candidate that is compared.
 */
export async function judgeFold(
  ground: TrainingGround,
  recipe: ModelRecipe,
  fold: FoldRows,
  options: {
    readonly metric: FoldMetric;
    readonly fixedRounds?: boolean;
    readonly slot?: number;
    readonly threads?: number;
  },
): Promise<JudgedFold> {
  const stop = options.fixedRounds === true ? new Uint32Array() : fold.judged;
  const { result, learner } = await fitModel(ground, recipe, { train: fold.train, stop }, options);
  await using model = await learner.load(result.modelText);
  const scores = await model.predictRaw(takeRows(ground.features, fold.judged));
  const labels = Float32Array.from(fold.judged, (row) => ground.labels[row] as number);
  return { metric: foldMetric(options.metric, labels, scores), trees: result.trees, scores };
}

/** Works through a list in so many slots at once; results are in the order of the list. */
export async function inSlots<T, R>(
  items: readonly T[],
  slots: number,
  work: (item: T, slot: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(slots, items.length) }, async (_, slot) => {
      for (let index = next++; index < items.length; index = next++)
        results[index] = await work(items[index] as T, slot);
    }),
  );
  return results;
}
