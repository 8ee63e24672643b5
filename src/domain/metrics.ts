/**
 * Metrics of a binary prediction. Ranking metrics read raw scores, the others probabilities.
 * Where a metric has no meaning (no rows, or one class only for ranking) it is null, never NaN.
 * Throws HF207 for NaN and for labels that are not 0 or 1.
 */
import { assertLabels, assertSameLength, assertShares, type Labels } from './columns.ts';
import {
  averagePrecisionOf,
  precisionAtRecallOf,
  type RankOptions,
  rankScores,
  reasonUnranked,
  rocOf,
  topShareOf,
} from './ranking.ts';

/** Probabilities nearer to 0 or 1 than this count as being so far away in the log loss. */
const LOG_LOSS_FLOOR = 1e-15;

/** All metrics of one prediction, with the size of what they were measured on. */
export interface BinaryEvaluation {
  readonly rows: number;
  readonly positives: number;
  /** Share of positives; null without rows. */
  readonly baseRate: number | null;
  /** Why the ranking metrics are null, or null where they are not. */
  readonly reason: string | null;
  readonly areaUnderRoc: number | null;
  readonly averagePrecision: number | null;
  /** The part of the rows, from the highest score down, that the three metrics below look at. */
  readonly share: number;
  readonly liftAtShare: number | null;
  readonly precisionAtShare: number | null;
  readonly recallAtShare: number | null;
  /** The recall at which `precisionAtRecall` is read. */
  readonly recall: number;
  readonly precisionAtRecall: number | null;
  /** Null without rows. */
  readonly brierScore: number | null;
  /** Null without rows. */
  readonly logLoss: number | null;
}

export interface EvaluationOptions extends RankOptions {
  /** Default 0.1, the top decile. */
  readonly share?: number;
  /** Default 0.7. */
  readonly recall?: number;
}

/** Every metric at once, sorting only once. */
export function evaluateBinary(
  labels: Labels,
  rawScores: Float64Array,
  probabilities: Float64Array,
  options: EvaluationOptions = {},
): BinaryEvaluation {
  const { share = 0.1, recall = 0.7, multiplicity } = options;
  const ranking = rankScores(labels, rawScores, options);
  const top = topShareOf(ranking, share);
  return {
    rows: ranking.rows,
    positives: ranking.positives,
    baseRate: ranking.rows === 0 ? null : ranking.positives / ranking.rows,
    reason: reasonUnranked(ranking),
    areaUnderRoc: rocOf(ranking),
    averagePrecision: averagePrecisionOf(ranking),
    share,
    liftAtShare: top.lift,
    precisionAtShare: top.precision,
    recallAtShare: top.recall,
    recall,
    precisionAtRecall: precisionAtRecallOf(ranking, recall),
    brierScore: brierScore(labels, probabilities, multiplicity),
    logLoss: logLoss(labels, probabilities, multiplicity),
  };
}

/** Mean squared difference of probability and label (Brier 1950, in its form for two classes). */
export function brierScore(
  labels: Labels,
  probabilities: Float64Array,
  multiplicity?: Uint32Array,
): number | null {
  assertComparable(labels, probabilities, multiplicity);
  return meanOf(labels.length, multiplicity, (row) => {
    const miss = (probabilities[row] as number) - (labels[row] as number);
    return miss * miss;
  });
}

/** Mean of -ln(probability given to what happened), probabilities kept 1e-15 away from 0 and 1. */
export function logLoss(
  labels: Labels,
  probabilities: Float64Array,
  multiplicity?: Uint32Array,
): number | null {
  assertComparable(labels, probabilities, multiplicity);
  return meanOf(labels.length, multiplicity, (row) => {
    const probability = Math.min(Math.max(probabilities[row] as number, LOG_LOSS_FLOOR), 1 - LOG_LOSS_FLOOR);
    return labels[row] === 1 ? -Math.log(probability) : -Math.log1p(-probability);
  });
}

function assertComparable(
  labels: Labels,
  probabilities: Float64Array,
  multiplicity: Uint32Array | undefined,
): void {
  assertSameLength({ labels, probabilities, multiplicity });
  assertLabels(labels);
  assertShares(probabilities, 'probability');
}

/** Mean with Neumaier's compensation: millions of small terms lose no digits on the way. */
function meanOf(
  rows: number,
  multiplicity: Uint32Array | undefined,
  term: (row: number) => number,
): number | null {
  let count = 0;
  let sum = 0;
  let lost = 0;
  for (let row = 0; row < rows; row += 1) {
    const copies = multiplicity === undefined ? 1 : (multiplicity[row] as number);
    const value = copies * term(row);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
    count += copies;
  }
  return count === 0 ? null : (sum + lost) / count;
}
