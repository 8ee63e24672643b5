/** Weighted ridge regression on columns of 0 and 1. */

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
  const matrix = columns.map(({ values }, row) => {
    const line = columns.map((other) => weightedProduct(values, other.values, weights));
    line[row] = (line[row] as number) + penalty;
    return line;
  });
  const right = columns.map(({ values }) => weightedProduct(values, centred, weights));
  const coefficients = solveDefinite(matrix, right);
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

/** Solves a system with a symmetric positive definite matrix by elimination, which needs no pivoting then. */
function solveDefinite(matrix: number[][], right: number[]): Float64Array {
  const size = right.length;
  matrix.forEach((pivotLine, pivot) => {
    for (let row = pivot + 1; row < size; row++) {
      const line = matrix[row] as number[];
      const factor = (line[pivot] as number) / (pivotLine[pivot] as number);
      if (factor === 0) continue;
      for (let column = pivot; column < size; column++)
        line[column] = (line[column] as number) - factor * (pivotLine[column] as number);
      right[row] = (right[row] as number) - factor * (right[pivot] as number);
    }
  });
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    const line = matrix[row] as number[];
    let value = right[row] as number;
    for (let column = row + 1; column < size; column++)
      value -= (line[column] as number) * (solution[column] as number);
    solution[row] = value / (line[row] as number);
  }
  return solution;
}
