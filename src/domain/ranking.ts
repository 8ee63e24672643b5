/**
 * How well a score ranks positives above negatives, from the counts of groups of equal score. Both
 * classes must be there; `metrics.ts` sees to it.
 */
import { countBelow, type GroupCounts } from './groups.ts';
import { assertPart } from './options.ts';

/**
 * Area under the ROC curve: the share of (positive, negative) pairs in which the positive has the
 * higher score, a tie counting one half (the Mann-Whitney U statistic by mid-ranks, scaled).
 */
export function areaUnderRoc({ rows, positives }: GroupCounts): number {
  let pairs = 0;
  let rowsAbove = 0;
  let positivesAbove = 0;
  for (let group = 0; group < rows.length; group += 1) {
    const rowsHere = rows[group] as number;
    const positivesHere = positives[group] as number;
    const negatives = rowsHere - rowsAbove - (positivesHere - positivesAbove);
    pairs += negatives * ((positivesAbove + positivesHere) / 2);
    rowsAbove = rowsHere;
    positivesAbove = positivesHere;
  }
  return pairs / (positivesAbove * (rowsAbove - positivesAbove));
}

/**
 * Average precision: the sum over thresholds of (recall gained) x precision, without interpolation,
 * one threshold a distinct score (the definition of scikit-learn's `average_precision_score`).
 */
export function averagePrecision({ rows, positives }: GroupCounts): number {
  let sum = 0;
  let positivesAbove = 0;
  for (let group = 0; group < rows.length; group += 1) {
    const positivesHere = positives[group] as number;
    if (positivesHere === positivesAbove) continue;
    sum += (positivesHere - positivesAbove) * (positivesHere / (rows[group] as number));
    positivesAbove = positivesHere;
  }
  return sum / positivesAbove;
}

/** Largest distance of the two classes' distributions of the score (Kolmogorov and Smirnov). */
export function distanceOfClasses({ rows, positives }: GroupCounts): number {
  const allPositives = positives.at(-1) ?? 0;
  const allNegatives = (rows.at(-1) ?? 0) - allPositives;
  let largest = 0;
  for (let group = 0; group < rows.length; group += 1) {
    const hits = positives[group] as number;
    // Both shares times both totals: whole numbers, so that equal distances are equal.
    const distance = Math.abs(hits * allNegatives - ((rows[group] as number) - hits) * allPositives);
    if (distance > largest) largest = distance;
  }
  return largest / allPositives / allNegatives;
}

/** The highest precision of any threshold that finds at least `recall` of the positives. */
export function precisionAtRecall({ rows, positives }: GroupCounts, recall: number): number {
  const allPositives = positives.at(-1) ?? 0;
  let best = 0;
  let previous = 0;
  for (let group = 0; group < rows.length; group += 1) {
    const hits = positives[group] as number;
    // A group without a positive only lowers the precision.
    if (hits === previous) continue;
    previous = hits;
    if (hits / allPositives >= recall) best = Math.max(best, hits / (rows[group] as number));
  }
  return best;
}

/**
 * How many rows the top `share` of `rows` holds: rounded up, so that a share always reaches
 * somebody. A product that misses a whole number by rounding alone is that number (0.07 x 100 is 7).
 * Throws HF103 for a share outside (0, 1].
 */
export function topCount(rows: number, share: number): number {
  assertPart(share, 'share');
  const product = share * rows;
  const whole = Math.round(product);
  return Math.abs(product - whole) <= 1e-12 * whole ? whole : Math.ceil(product);
}

/**
 * Expected positives among the top `count` rows: a group that the cut goes through gives its
 * positives in proportion to the part taken, which is their mean over all orders of tied rows.
 */
export function positivesInTop({ rows, positives }: GroupCounts, count: number): number {
  const group = countBelow(rows, count);
  const rowsAbove = rows[group - 1] ?? 0;
  const positivesAbove = positives[group - 1] ?? 0;
  const rowsHere = (rows[group] ?? rowsAbove) - rowsAbove;
  const positivesHere = (positives[group] ?? positivesAbove) - positivesAbove;
  const taken = Math.min(count - rowsAbove, rowsHere);
  return positivesAbove + (taken === rowsHere ? positivesHere : (positivesHere * taken) / rowsHere);
}
