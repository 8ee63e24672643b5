/**
 * How well a score ranks positives above negatives. Everything is computed from groups of equal
 * score, so that no metric depends on the order of rows.
 */
import { HoldfastError } from '../kernel/index.ts';
import { assertLabels, assertSameLength, type Labels } from './columns.ts';
import { descendingOrder } from './order.ts';

/** Rows grouped by equal score, from the highest score to the lowest. */
export interface Ranking {
  readonly rows: number;
  readonly positives: number;
  /** Rows of each group. */
  readonly sizes: Float64Array;
  /** Positives of each group. */
  readonly hits: Float64Array;
}

/** What can be handed in where the same rows are ranked again and again, as a bootstrap does. */
export interface RankOptions {
  /** `descendingOrder(scores)`, where it is known already. */
  readonly order?: Uint32Array;
  /** How often each row counts (whole, not negative); without it once. */
  readonly multiplicity?: Uint32Array;
}

/** Groups rows by score. Throws HF207 for NaN scores and for labels that are not 0 or 1. */
export function rankScores(labels: Labels, scores: Float64Array, options: RankOptions = {}): Ranking {
  const { multiplicity, order = descendingOrder(scores) } = options;
  assertSameLength({ labels, scores, order, multiplicity });
  assertLabels(labels);
  const sizes = new Float64Array(scores.length);
  const hits = new Float64Array(scores.length);
  let groups = 0;
  let rows = 0;
  let positives = 0;
  let previous = NaN;
  for (const row of order) {
    const copies = multiplicity === undefined ? 1 : (multiplicity[row] as number);
    if (copies === 0) continue;
    const score = scores[row] as number;
    if (score !== previous) groups += 1;
    previous = score;
    const hit = copies * (labels[row] as number);
    sizes[groups - 1] = (sizes[groups - 1] as number) + copies;
    hits[groups - 1] = (hits[groups - 1] as number) + hit;
    rows += copies;
    positives += hit;
  }
  return { rows, positives, sizes: sizes.subarray(0, groups), hits: hits.subarray(0, groups) };
}

/** Why a ranking cannot be measured, or null where it can. */
export function reasonUnranked({ rows, positives }: Ranking): string | null {
  if (rows === 0) return 'there are no rows';
  if (positives === 0) return 'no row is positive';
  return positives === rows ? 'every row is positive' : null;
}

/**
 * Area under the ROC curve: the share of (positive, negative) pairs in which the positive has the
 * higher score, a tie counting one half (the Mann-Whitney U statistic by mid-ranks, scaled).
 */
export function rocOf(ranking: Ranking): number | null {
  if (reasonUnranked(ranking) !== null) return null;
  const { sizes, hits, positives, rows } = ranking;
  let pairs = 0;
  let positivesAbove = 0;
  for (let group = 0; group < sizes.length; group += 1) {
    const hit = hits[group] as number;
    pairs += ((sizes[group] as number) - hit) * (positivesAbove + hit / 2);
    positivesAbove += hit;
  }
  return pairs / (positives * (rows - positives));
}

/**
 * Average precision: the sum over thresholds of (recall gained) x precision, without interpolation,
 * one threshold a distinct score (the definition of scikit-learn's `average_precision_score`).
 */
export function averagePrecisionOf(ranking: Ranking): number | null {
  if (reasonUnranked(ranking) !== null) return null;
  const { sizes, hits, positives } = ranking;
  let sum = 0;
  let above = 0;
  let positivesAbove = 0;
  for (let group = 0; group < sizes.length; group += 1) {
    above += sizes[group] as number;
    positivesAbove += hits[group] as number;
    sum += (hits[group] as number) * (positivesAbove / above);
  }
  return sum / positives;
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
export function positivesInTop({ sizes, hits }: Ranking, count: number): number {
  let left = count;
  let positives = 0;
  for (let group = 0; group < sizes.length && left > 0; group += 1) {
    const size = sizes[group] as number;
    const taken = Math.min(left, size);
    positives += taken === size ? (hits[group] as number) : ((hits[group] as number) * taken) / size;
    left -= taken;
  }
  return positives;
}

/** Share of positives, share of all positives found, and lift over the base rate in the top `share`. */
export function topShareOf(
  ranking: Ranking,
  share: number,
): { precision: number | null; recall: number | null; lift: number | null } {
  const count = topCount(ranking.rows, share);
  if (reasonUnranked(ranking) !== null) return { precision: null, recall: null, lift: null };
  const found = positivesInTop(ranking, count);
  const precision = found / count;
  return {
    precision,
    recall: found / ranking.positives,
    lift: precision / (ranking.positives / ranking.rows),
  };
}

/** The highest precision of any threshold that finds at least `recall` of the positives. */
export function precisionAtRecallOf(ranking: Ranking, recall: number): number | null {
  assertPart(recall, 'recall');
  if (reasonUnranked(ranking) !== null) return null;
  const { sizes, hits, positives } = ranking;
  let best = 0;
  let above = 0;
  let positivesAbove = 0;
  for (let group = 0; group < sizes.length; group += 1) {
    above += sizes[group] as number;
    positivesAbove += hits[group] as number;
    if (positivesAbove / positives >= recall) best = Math.max(best, positivesAbove / above);
  }
  return best;
}

function assertPart(value: number, name: string): void {
  if (value > 0 && value <= 1) return;
  throw new HoldfastError('HF103', {
    message: `${name} is ${value}, not above 0 and at most 1`,
    hint: `Give the ${name} as a part of one, such as 0.1 for a tenth.`,
  });
}
