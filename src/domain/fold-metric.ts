/** The two metrics that candidates are judged by, without all the others. */
import type { Labels } from './columns.ts';
import { countGroups, emptyCounts, groupRows } from './groups.ts';
import { areaUnderRoc, averagePrecision } from './ranking.ts';

export type FoldMetric = 'auc_pr' | 'auc_roc';

/** The metric of scores; both classes must be there. Throws HF207 for NaN and for labels that are not 0 or 1. */
export function foldMetric(metric: FoldMetric, labels: Labels, scores: Float64Array): number {
  const grouped = groupRows(scores, labels);
  const counts = emptyCounts(grouped);
  countGroups(grouped, Uint8Array.of(1), counts);
  return metric === 'auc_pr' ? averagePrecision(counts) : areaUnderRoc(counts);
}
