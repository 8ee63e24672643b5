/** The models of a set on the rows that decide about them: what training and evaluation both look at. */
import {
  applyCalibrator,
  type BootstrapOptions,
  chooseThreshold,
  type ThresholdRule,
} from '../domain/index.ts';
import { type EvaluatedRows, evaluateSplit } from '../evaluate/index.ts';
import type { Learner } from '../learner/index.ts';
import {
  coherentProbabilities,
  type Decision,
  type LoadedSet,
  type SplitMetrics,
  type StoredCalibrator,
} from '../model/index.ts';
import type { EvaluationSettings } from '../pack/index.ts';
import { anyRowsIn, SPLIT, takeRows, type TrainingMatrix } from '../train/index.ts';

/** Scores of all horizons, shortest first, on the validation and test rows of any of them. */
export interface ScoredSet {
  readonly matrix: TrainingMatrix;
  /** Rows of the matrix that are in a validation or test split of some horizon, ascending. */
  readonly evaluationRows: Uint32Array;
  /** A column a horizon, one value an evaluation row. */
  readonly rawScores: readonly Float64Array[];
  /** As they are served: calibrated and coherent over the horizons. */
  readonly probabilities: readonly Float64Array[];
}

export function scoredSet(
  parts: Omit<ScoredSet, 'probabilities'>,
  calibrators: readonly StoredCalibrator[],
): ScoredSet {
  return { ...parts, probabilities: coherentProbabilities(calibrators, parts.rawScores) };
}

/** Has the models of a set score the rows of the matrix that are in a validation or test split. */
export async function scoreSet(
  openLearner: (name: string) => Promise<Learner>,
  { models }: LoadedSet,
  matrix: TrainingMatrix,
): Promise<ScoredSet> {
  const evaluationRows = anyRowsIn(matrix.horizons);
  const features = takeRows(matrix.features, evaluationRows);
  const rawScores: Float64Array[] = [];
  for (const stored of models) {
    await using model = await (await openLearner(stored.learner.name)).load(stored.modelText);
    rawScores.push(await model.predictRaw(features));
  }
  return scoredSet(
    { matrix, evaluationRows, rawScores },
    models.map(({ calibrator }) => calibrator),
  );
}

/** Rows of some splits of a horizon, with their indexes in the matrix. */
export function rowsOfSplits(
  { matrix, evaluationRows, rawScores, probabilities }: ScoredSet,
  horizon: number,
  ...splits: readonly (keyof typeof SPLIT)[]
): EvaluatedRows & { readonly matrixRows: Uint32Array } {
  const labelled = matrix.horizons[horizon];
  const raw = rawScores[horizon];
  const calibrated = probabilities[horizon];
  if (labelled === undefined || raw === undefined || calibrated === undefined)
    throw new RangeError(`there is no horizon ${String(horizon)}`);
  const codes = new Set<number>(splits.map((split) => SPLIT[split]));
  const positions: number[] = [];
  evaluationRows.forEach((row, position) => {
    if (codes.has(labelled.splits[row] as number)) positions.push(position);
  });
  const matrixRows = Uint32Array.from(positions, (position) => evaluationRows[position] as number);
  return {
    matrixRows,
    labels: Float32Array.from(matrixRows, (row) => labelled.labels[row] as number),
    rawScores: Float64Array.from(positions, (position) => raw[position] as number),
    probabilities: Float64Array.from(positions, (position) => calibrated[position] as number),
    entities: Uint32Array.from(matrixRows, (row) => matrix.entities[row] as number),
  };
}

/** Rows that a horizon's model did not learn from, with its calibrator: what a threshold is chosen on. */
export interface HeldHorizon {
  readonly labels: Float32Array;
  readonly rawScores: Float64Array;
  readonly calibrator: StoredCalibrator;
}

/**
 * Chooses the threshold of each horizon by the rule of the pack: on its `calibrate` rows, as they are served, or
 * on the rows out of fold where it learnt from the `calibrate` rows too.
 */
export function decisionsOf(
  scored: ScoredSet,
  { threshold, campaign }: EvaluationSettings,
  outOfFold: readonly (HeldHorizon | undefined)[],
): Decision[] {
  const rule: ThresholdRule = threshold.rule === 'profit' ? { ...threshold, campaign } : threshold;
  return scored.rawScores.map((_, horizon) => {
    const held = outOfFold[horizon];
    if (held !== undefined) {
      const probabilities = applyCalibrator(held.calibrator, held.rawScores);
      return { rule, threshold: chooseThreshold(held.labels, probabilities, rule) };
    }
    const { labels, probabilities } = rowsOfSplits(scored, horizon, 'calibrate');
    return { rule, threshold: chooseThreshold(labels, probabilities, rule) };
  });
}

/** Options of the metrics of a horizon: the terms of the pack, and the threshold of the model. */
export function metricOptions(
  { campaign }: EvaluationSettings,
  decision: Decision | null,
): Pick<BootstrapOptions, 'campaign' | 'threshold'> {
  const threshold = decision?.threshold ?? null;
  // A threshold of 0 would predict everybody: it is no decision.
  return threshold === null || threshold === 0 ? { campaign } : { campaign, threshold };
}

/** Metrics with intervals of a horizon on validation and test. */
export function splitMetrics(
  scored: ScoredSet,
  horizon: number,
  options: BootstrapOptions,
): { validation: SplitMetrics; test: SplitMetrics } {
  return {
    validation: evaluateSplit(rowsOfSplits(scored, horizon, 'stop', 'calibrate'), options),
    test: evaluateSplit(rowsOfSplits(scored, horizon, 'test'), options),
  };
}
