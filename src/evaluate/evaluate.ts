import { evaluateBinary, type ScoredColumns } from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';

/** Metrics of a split; a split without labelled rows says so instead of passing as a result. */
export function evaluateSplit(rows: ScoredColumns): SplitMetrics {
  if (rows.labels.length === 0) return { reason: 'not yet known' };
  return evaluateBinary(rows);
}
