/**
 * How far probabilities are from what happened, from the counts of groups of equal probability. At
 * least one row must be there; `metrics.ts` sees to it.
 */
import type { GroupCounts } from './groups.ts';
import { inside } from './log-odds.ts';

/** Sums of a group's rows and of its positives over all groups, each with a factor a group. */
function weightedSum(
  { rows, positives }: GroupCounts,
  ofNegative: Float64Array,
  ofPositive: Float64Array,
): number {
  let sum = 0;
  let rowsAbove = 0;
  let positivesAbove = 0;
  for (let group = 0; group < rows.length; group += 1) {
    const rowsHere = rows[group] as number;
    const positivesHere = positives[group] as number;
    const hits = positivesHere - positivesAbove;
    sum +=
      (rowsHere - rowsAbove - hits) * (ofNegative[group] as number) + hits * (ofPositive[group] as number);
    rowsAbove = rowsHere;
    positivesAbove = positivesHere;
  }
  return sum / rowsAbove;
}

/** Mean squared difference of probability and label (Brier 1950, in its form for two classes). */
export function brierScore(values: Float64Array): (counts: GroupCounts) => number {
  const ofNegative = values.map((probability) => probability * probability);
  const ofPositive = values.map((probability) => (1 - probability) * (1 - probability));
  return (counts) => weightedSum(counts, ofNegative, ofPositive);
}

/** Mean of -ln(probability given to what happened), probabilities kept 1e-15 away from 0 and 1. */
export function logLoss(values: Float64Array): (counts: GroupCounts) => number {
  const ofNegative = values.map((probability) => -Math.log1p(-inside(probability)));
  const ofPositive = values.map((probability) => -Math.log(inside(probability)));
  return (counts) => weightedSum(counts, ofNegative, ofPositive);
}

/**
 * Expected calibration error: rows in order of probability are cut into bins of equally many, and the
 * distances of mean probability and share of positives are averaged over the bins. A group that a cut
 * goes through is split in proportion, its positives too, which is their mean over all orders of tied
 * rows. Never more bins than rows. Chance alone makes it positive, the more the fewer the rows.
 */
export function calibrationError(
  values: Float64Array,
  { rows, positives }: GroupCounts,
  binsAtMost: number,
): number {
  const all = rows.at(-1) ?? 0;
  const bins = Math.min(binsAtMost, all);
  let bin = 1;
  let cut = all / bins;
  let distances = 0;
  /** Probability less positives in the open bin. */
  let surplus = 0;
  let rowsAbove = 0;
  let positivesAbove = 0;
  for (let group = 0; group < values.length; group += 1) {
    const rowsHere = rows[group] as number;
    const positivesHere = positives[group] as number;
    const size = rowsHere - rowsAbove;
    let left = (values[group] as number) * size - (positivesHere - positivesAbove);
    if (rowsHere > cut) {
      const perRow = left / size;
      while (rowsHere > cut && bin < bins) {
        surplus += perRow * (cut - rowsAbove);
        distances += Math.abs(surplus);
        surplus = 0;
        rowsAbove = cut;
        bin += 1;
        cut = (all * bin) / bins;
      }
      left = perRow * (rowsHere - rowsAbove);
    }
    surplus += left;
    rowsAbove = rowsHere;
    positivesAbove = positivesHere;
  }
  return (distances + Math.abs(surplus)) / all;
}

/** What a decision at a threshold gets right and wrong. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** Rows with a probability of at least `threshold` are taken as positive. */
export function confusionAt(values: Float64Array, threshold: number): (counts: GroupCounts) => Confusion {
  const last = values.findLastIndex((probability) => probability >= threshold);
  return ({ rows, positives }) => {
    const truePositives = positives[last] ?? 0;
    const falsePositives = (rows[last] ?? 0) - truePositives;
    const allPositives = positives.at(-1) ?? 0;
    return {
      truePositives,
      falsePositives,
      falseNegatives: allPositives - truePositives,
      trueNegatives: (rows.at(-1) ?? 0) - allPositives - falsePositives,
    };
  };
}
