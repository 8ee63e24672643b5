/**
 * What the splits of a tree see of a row. LightGBM reads a feature in one of three ways; each pair of a
 * feature and a way that the model uses is a column of readings, in which only NaN is missing.
 */
import type { FeatureMatrix } from '../learner.ts';
import type { LightGbmTree } from '../lightgbm/index.ts';

/** The number itself; zero taken for missing; the code of a category, or -1 where there is none. */
type Way = 'number' | 'zero_is_missing' | 'category';

export interface Reading {
  readonly feature: number;
  readonly way: Way;
}

/** The library's `kZeroThreshold`, a float: what is as near to zero as this counts as zero. */
const ZERO_MOST = Math.fround(1e-35);
const CODES = 2 ** 31;

/** Bits of LightGBM's decision type. */
const CATEGORICAL = 1;
const MISSING_LEFT = 2;
const MISSING_TYPE_SHIFT = 2;
const MISSING_IS_ZERO = 1;

export function isCategorical(tree: LightGbmTree, node: number): boolean {
  return ((tree.decisionType[node] as number) & CATEGORICAL) !== 0;
}

/**
 * Where a NaN goes at a numeric split. Without a notion of missing, LightGBM takes it for a zero; where
 * zero is missing, it therefore goes where zeros go.
 */
export function sendsMissingLeft(tree: LightGbmTree, node: number): boolean {
  const type = tree.decisionType[node] as number;
  const hasMissing = type >> MISSING_TYPE_SHIFT !== 0;
  return hasMissing ? (type & MISSING_LEFT) !== 0 : 0 <= (tree.threshold[node] as number);
}

export function readingOf(tree: LightGbmTree, node: number): Reading {
  const feature = tree.splitFeature[node] as number;
  if (isCategorical(tree, node)) return { feature, way: 'category' };
  const missing = (tree.decisionType[node] as number) >> MISSING_TYPE_SHIFT;
  return { feature, way: missing === MISSING_IS_ZERO ? 'zero_is_missing' : 'number' };
}

/** A number as LightGBM's splits read it. */
export function read(value: number, way: Way): number {
  // Also true for zero; the library keeps no such value in the rows it predicts.
  const isZero = Math.abs(value) <= ZERO_MOST;
  switch (way) {
    case 'number':
      return isZero ? 0 : value;
    case 'zero_is_missing':
      return isZero ? NaN : value;
    case 'category':
      return value > -1 && value < CODES ? Math.trunc(value) : -1;
  }
}

/** Writes the readings of some rows of a matrix, row after row. `rowAt` gives the row of a place. */
export function readRows(
  matrix: FeatureMatrix,
  readings: readonly Reading[],
  places: { readonly from: number; readonly to: number; readonly rowAt: (place: number) => number },
  out: Float64Array,
): void {
  readings.forEach(({ feature, way }, column) => {
    const start = feature * matrix.rows;
    for (let place = places.from; place < places.to; place++) {
      const value = matrix.data[start + places.rowAt(place)] as number;
      out[(place - places.from) * readings.length + column] = read(value, way);
    }
  });
}
