import { evaluateBinary } from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';

/** Scores and probabilities of one split, row by row. */
export interface ScoredRows {
  readonly labels: Float32Array;
  readonly rawScores: Float64Array;
  readonly probabilities: Float64Array;
}

/** Metrics of a split; a split without labelled rows says so instead of passing as a result. */
export function evaluateSplit(rows: ScoredRows): SplitMetrics {
  if (rows.labels.length === 0) return { reason: 'not yet known' };
  return evaluateBinary(rows.labels, rows.rawScores, rows.probabilities);
}
