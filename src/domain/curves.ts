/** Curves of a binary prediction, thinned to what a picture can show. */
import { assertShares } from './columns.ts';
import { countGroups, emptyCounts, type GroupCounts, groupRows } from './groups.ts';
import type { ScoredColumns } from './measure.ts';
import { assertCount } from './options.ts';
import { wilsonInterval } from './share-interval.ts';

/** One threshold of a ranking: what is found when all rows down to it are taken. */
export interface RankingPoint {
  /** Part of all rows that is taken. */
  readonly share: number;
  readonly precision: number;
  /** Part of the positives that is found; also the height of the gains curve. */
  readonly recall: number;
  /** Part of the negatives that is taken. */
  readonly falsePositiveRate: number;
}

/** Rows of neighbouring probability. */
export interface CalibrationBin {
  readonly rows: number;
  readonly positives: number;
  readonly meanProbability: number;
  /** Share of positives, with the ends of its 95 % interval (Wilson 1927). */
  readonly rate: number;
  readonly lower: number;
  readonly upper: number;
}

const POINTS_AT_MOST = 200;

/**
 * Points of the precision-recall, ROC and gains curves from the highest score down, at most about 200, spread
 * evenly over the mean of positives found and rows taken. Empty where a class is missing. Throws as `prepareMeasuring` does.
 */
export function rankingCurve({ labels, rawScores }: Omit<ScoredColumns, 'probabilities'>): RankingPoint[] {
  const { counts } = countsOf(rawScores, labels);
  const rows = counts.rows.at(-1) ?? 0;
  const positives = counts.positives.at(-1) ?? 0;
  if (positives === 0 || positives === rows) return [];
  const points: RankingPoint[] = [];
  let next = 0;
  for (let group = 0; group < counts.rows.length; group += 1) {
    const taken = counts.rows[group] as number;
    const found = counts.positives[group] as number;
    // Half by positives found, half by rows taken: the former are dense at the top, the latter at the end.
    const progress = (found / positives + taken / rows) / 2;
    if (progress < next && group < counts.rows.length - 1) continue;
    next = progress + 1 / POINTS_AT_MOST;
    points.push({
      share: taken / rows,
      precision: found / taken,
      recall: found / positives,
      falsePositiveRate: (taken - found) / (rows - positives),
    });
  }
  return points;
}

/**
 * Bins of equally many rows in order of probability, lowest first. Rows of equal probability stay together, so
 * that there may be fewer bins than asked for, and no bin depends on the order of rows.
 */
export function calibrationBins(
  { labels, probabilities }: Omit<ScoredColumns, 'rawScores'>,
  bins = 20,
): CalibrationBin[] {
  assertCount(bins, 'bins', 1);
  assertShares(probabilities, 'probability');
  const { values, counts } = countsOf(probabilities, labels);
  const all = counts.rows.at(-1) ?? 0;
  const result: CalibrationBin[] = [];
  let open = { rows: 0, positives: 0, sum: 0 };
  let cut = all / bins;
  for (let group = 0; group < values.length; group += 1) {
    const above = counts.rows[group - 1] ?? 0;
    const size = (counts.rows[group] as number) - above;
    open = {
      rows: open.rows + size,
      positives: open.positives + (counts.positives[group] as number) - (counts.positives[group - 1] ?? 0),
      sum: open.sum + size * (values[group] as number),
    };
    const done = above + size;
    if (done >= cut - 1e-9 || group === values.length - 1) {
      result.push(binOf(open));
      open = { rows: 0, positives: 0, sum: 0 };
      // A group of ties may have filled several bins: the next one ends at the first cut beyond it.
      cut = (all * (Math.floor((done * bins) / all + 1e-9) + 1)) / bins;
    }
  }
  return result.reverse();
}

function binOf({ rows, positives, sum }: { rows: number; positives: number; sum: number }): CalibrationBin {
  const { lower, upper } = wilsonInterval(positives, rows) ?? { lower: 0, upper: 1 };
  return { rows, positives, meanProbability: sum / rows, rate: positives / rows, lower, upper };
}

/** The distinct values, falling, with rows and positives from the highest down to each. */
function countsOf(
  column: Float64Array,
  labels: ScoredColumns['labels'],
): { readonly values: Float64Array; readonly counts: GroupCounts } {
  const grouped = groupRows(column, labels);
  const counts = emptyCounts(grouped);
  countGroups(grouped, Uint8Array.of(1), counts);
  return { values: grouped.values, counts };
}
