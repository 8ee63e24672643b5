import {
  bootstrapBinary,
  type BootstrapOptions,
  countPositives,
  type ScoredColumns,
} from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';

/** Rows with what is known and what was predicted, and the entity that each belongs to. */
export interface EvaluatedRows extends ScoredColumns {
  readonly entities: Uint32Array;
}

/** Every metric of a split with its interval; a split without labelled rows says so instead of passing as a result. */
export function evaluateSplit(rows: EvaluatedRows, options: BootstrapOptions = {}): SplitMetrics {
  if (rows.labels.length === 0) return { reason: 'not yet known' };
  return bootstrapBinary(rows, options);
}

/** Share of positives; NaN without rows. */
export const shareOfPositives = (labels: EvaluatedRows['labels']): number =>
  countPositives(labels) / labels.length;

/** The given positions of the rows. */
export function takePositions(rows: EvaluatedRows, positions: ArrayLike<number>): EvaluatedRows {
  return {
    labels: Float32Array.from(positions, (position) => rows.labels[position] as number),
    rawScores: Float64Array.from(positions, (position) => rows.rawScores[position] as number),
    probabilities: Float64Array.from(positions, (position) => rows.probabilities[position] as number),
    entities: Uint32Array.from(positions, (position) => rows.entities[position] as number),
  };
}
