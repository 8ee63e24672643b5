/**
 * Isotonic regression of probability on score: the non-decreasing function with the least squared
 * error, found by pooling adjacent violators (Ayer et al. 1955). Between knots it is linear and
 * beyond them constant, as scikit-learn's `IsotonicRegression(out_of_bounds='clip')` has it.
 */
import { HoldfastError } from '../kernel/index.ts';
import { assertLabels, assertNumbers, assertSameLength, type Labels } from './columns.ts';
import { descendingOrder } from './order.ts';

/** The fitted function: `x` strictly rising scores, `y` non-decreasing values, equally many. */
export interface IsotonicKnots {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A run of rows, neighbours by score, that share one fitted value. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
  readonly value: number;
}

/**
 * Fits the regression; rows of exactly equal score are pooled first, rows without weight left out.
 * Throws HF207 for scores or targets that are not finite and where no row is left.
 */
export function fitIsotonic(
  scores: Float64Array,
  targets: Labels | Float64Array,
  weights?: Float64Array,
): IsotonicKnots {
  return knotsOf(poolBlocks(scores, targets, weights));
}

/**
 * Fits a calibrator: the regression of labels (0 or 1) with its ends guarded, so that nobody gets
 * the probability 0 or 1 and the log loss stays finite. A lowest block of total weight m without a
 * positive becomes 1/2 in m+1 (the Jeffreys prior's mean), yet never more than the next block; a
 * highest block without a negative likewise 1 - 1/2 in m+1, yet never less than the one before.
 * All other values are those of `fitIsotonic`, which also says what is thrown.
 */
export function fitIsotonicCalibrator(
  scores: Float64Array,
  labels: Labels,
  weights?: Float64Array,
): IsotonicKnots {
  assertLabels(labels);
  const blocks = poolBlocks(scores, labels, weights);
  return knotsOf(
    blocks.map((block, index) => {
      const half = 0.5 / (block.weight + 1);
      if (block.value <= 0) return { ...block, value: Math.min(half, inner(blocks[index + 1], half)) };
      if (block.value >= 1)
        return { ...block, value: Math.max(1 - half, inner(blocks[index - 1], 1 - half)) };
      return block;
    }),
  );
}

/** A neighbour's value where that lies strictly between 0 and 1, else the fallback. */
function inner(block: Block | undefined, fallback: number): number {
  return block !== undefined && block.value > 0 && block.value < 1 ? block.value : fallback;
}

/** The function's value at each score. NaN is refused (HF207). */
export function applyIsotonic(knots: IsotonicKnots, scores: Float64Array): Float64Array {
  assertNumbers(scores, 'score');
  // Few scores are read faster than knots are copied.
  const isWorthCopying = scores.length > knots.x.length;
  const x = isWorthCopying ? Float64Array.from(knots.x) : knots.x;
  const y = isWorthCopying ? Float64Array.from(knots.y) : knots.y;
  const result = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) result[row] = interpolate(x, y, scores[row] as number);
  return result;
}

function interpolate(x: ArrayLike<number>, y: ArrayLike<number>, score: number): number {
  let low = 0;
  let high = x.length - 1;
  if (score <= (x[low] as number)) return y[low] as number;
  if (score >= (x[high] as number)) return y[high] as number;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((x[middle] as number) <= score) low = middle;
    else high = middle;
  }
  const [left, right] = [x[low] as number, x[high] as number];
  const [bottom, top] = [y[low] as number, y[high] as number];
  // The minimum keeps a rounded product from stepping over the upper knot.
  return Math.min(top, bottom + (top - bottom) * ((score - left) / (right - left)));
}

/** Pools from the lowest score up; the blocks' values rise strictly. */
function poolBlocks(
  scores: Float64Array,
  targets: Labels | Float64Array,
  weights: Float64Array | undefined,
): Block[] {
  assertSameLength({ scores, targets, weights });
  assertNumbers(scores, 'score', { finite: true });
  const from = new Float64Array(scores.length);
  const to = new Float64Array(scores.length);
  const weight = new Float64Array(scores.length);
  const sum = new Float64Array(scores.length);
  const valueOf = (block: number): number => (sum[block] as number) / (weight[block] as number);
  let last = -1;
  /** Joins the last block to the one before it. */
  const join = (): void => {
    to[last - 1] = to[last] as number;
    weight[last - 1] = (weight[last - 1] as number) + (weight[last] as number);
    sum[last - 1] = (sum[last - 1] as number) + (sum[last] as number);
    last -= 1;
  };
  const settle = (): void => {
    while (last > 0 && valueOf(last - 1) >= valueOf(last)) join();
  };
  const order = descendingOrder(scores);
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const row = order[place] as number;
    const rowWeight = weightOf(weights, row);
    if (rowWeight === 0) continue;
    const score = scores[row] as number;
    const tied = last >= 0 && to[last] === score && from[last] === score;
    // A block is held back until its score is complete, for it must be pooled by score first.
    if (!tied) {
      settle();
      last += 1;
      from[last] = score;
      to[last] = score;
      weight[last] = 0;
      sum[last] = 0;
    }
    weight[last] = (weight[last] as number) + rowWeight;
    sum[last] = (sum[last] as number) + rowWeight * targetOf(targets, row);
  }
  settle();
  if (last < 0) {
    throw new HoldfastError('HF207', {
      message: 'there are no rows to fit a calibration on',
      hint: 'Give the calibration half of the validation split at least one labelled row.',
    });
  }
  return Array.from({ length: last + 1 }, (_, block) => ({
    from: from[block] as number,
    to: to[block] as number,
    weight: weight[block] as number,
    value: valueOf(block),
  }));
}

function weightOf(weights: Float64Array | undefined, row: number): number {
  const weight = weights === undefined ? 1 : (weights[row] as number);
  if (weight >= 0 && Number.isFinite(weight)) return weight;
  throw new HoldfastError('HF207', {
    message: `weight of row ${row + 1} is ${weight}, not a finite number from 0 up`,
    hint: 'Give weights that are not negative.',
  });
}

function targetOf(targets: Labels | Float64Array, row: number): number {
  const target = targets[row] as number;
  if (Number.isFinite(target)) return target;
  throw new HoldfastError('HF207', {
    message: `label of row ${row + 1} is ${target}, not a finite number`,
    hint: 'Leave rows with an unknown label out before this step.',
  });
}

/** Both ends of each block, or its one score. */
function knotsOf(blocks: readonly Block[]): IsotonicKnots {
  const x: number[] = [];
  const y: number[] = [];
  for (const { from, to, value } of blocks) {
    x.push(from);
    y.push(value);
    if (to === from) continue;
    x.push(to);
    y.push(value);
  }
  return Object.freeze({ x: Object.freeze(x), y: Object.freeze(y) });
}
