/**
 * The figures that cleaning is fitted by. They are taken from sorted values and summed in that order, so that
 * neither the order of rows nor the number of threads that read them can show in the last bit.
 */

/** Mean of the sorted values; finite for finite values, however large they are. */
export function meanOf(sorted: Float64Array): number {
  const sum = sorted.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / sorted.length;
  return sorted.reduce((total, value) => total + value / sorted.length, 0);
}

/** The share's quantile of the sorted values, by linear interpolation between neighbours (type 7 of Hyndman and Fan). */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const lower = sorted[below] as number;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  const part = place - below;
  return part === 0 ? lower : lower * (1 - part) + upper * part;
}

/** The most frequent of the sorted values; the smallest of several. */
export function modeOf(sorted: Float64Array): number {
  let mode = sorted[0] as number;
  let most = 0;
  let start = 0;
  for (let index = 1; index <= sorted.length; index++) {
    if (index < sorted.length && sorted[index] === sorted[start]) continue;
    if (index - start > most) {
      most = index - start;
      mode = sorted[start] as number;
    }
    start = index;
  }
  return mode;
}

export type OutlierMethod = 'iqr' | 'zscore' | 'percentile';

/** Interquartile ranges beyond the quartiles (Tukey 1977). */
const FENCE = 1.5;
/** Standard deviations from the mean. */
const LARGEST_SCORE = 3;

/**
 * The smallest and the largest value that is no outlier; undefined where the values have no spread by the method's
 * measure: then every other value would be one, and capping would make the feature a constant.
 */
export function outlierBounds(sorted: Float64Array, method: OutlierMethod): [number, number] | undefined {
  if (sorted.length === 0) return undefined;
  const bounds = boundsOf(sorted, method);
  if (bounds === undefined) return undefined;
  const [lower, upper] = bounds.map(storable) as [number, number];
  return lower < upper ? [lower, upper] : undefined;
}

function boundsOf(sorted: Float64Array, method: OutlierMethod): [number, number] | undefined {
  if (method === 'percentile') return [quantileOf(sorted, 0.01), quantileOf(sorted, 0.99)];
  if (method === 'iqr') {
    const [first, third] = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)];
    return [first - FENCE * (third - first), third + FENCE * (third - first)];
  }
  if (sorted.length < 2) return undefined;
  const mean = meanOf(sorted);
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (sorted.length - 1));
  return [mean - LARGEST_SCORE * deviation, mean + LARGEST_SCORE * deviation];
}

/** A figure that reads back from JSON as it is: finite, and without the sign of zero. */
export const storable = (value: number): number =>
  Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)) + 0;
