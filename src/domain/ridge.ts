/** Weighted ridge regression on columns of 0 and 1. */
import { decompose, solve } from './cholesky.ts';

export interface RidgeFit {
  readonly intercept: number;
  /** One a column. */
  readonly coefficients: Float64Array;
  /** Weighted share of the target's variance that the fit explains; NaN where the target is constant. */
  readonly fit: number;
}

/**
 * Minimises the weighted squared error plus `penalty` times the squared coefficients; the intercept is free.
 * `design` holds column after column, `target.length` values each.
 */
export function weightedRidge(
  design: Uint8Array,
  target: Float64Array,
  weights: Float64Array,
  penalty: number,
): RidgeFit {
  const rows = target.length;
  const size = design.length / rows;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weightedMean(target, weights, total);
  const columns = Array.from({ length: size }, (_, column) => {
    const own = Float64Array.from(design.subarray(column * rows, (column + 1) * rows));
    const middle = weightedMean(own, weights, total);
    return { middle, values: own.map((value) => value - middle) };
  });
  const centred = target.map((value) => value - mean);
  const matrix = Float64Array.from(
    columns.flatMap(({ values }, row) =>
      columns.map(
        (other, column) => weightedProduct(values, other.values, weights) + (row === column ? penalty : 0),
      ),
    ),
  );
  const right = Float64Array.from(columns, ({ values }) => weightedProduct(values, centred, weights));
  const coefficients = solve(decompose(matrix, size), right, size);
  const residuals = centred.map((value, row) =>
    columns.reduce(
      (left, { values }, column) => left - (values[row] as number) * (coefficients[column] as number),
      value,
    ),
  );
  const offset = columns.reduce(
    (sum, { middle }, column) => sum + middle * (coefficients[column] as number),
    0,
  );
  return {
    intercept: mean - offset,
    coefficients,
    fit: 1 - weightedProduct(residuals, residuals, weights) / weightedProduct(centred, centred, weights),
  };
}

function weightedMean(values: Float64Array, weights: Float64Array, total: number): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += (values[row] as number) * (weights[row] as number);
  return sum / total;
}

function weightedProduct(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++)
    sum += (a[row] as number) * (b[row] as number) * (weights[row] as number);
  return sum;
}
