/** Linear systems with a symmetric matrix that is positive, or nearly so. */

/** A pivot below this part of its diagonal value counts as 0: its column follows from those before. */
const NEGLIGIBLE = 1e-13;

/**
 * Lower Cholesky factor of a symmetric matrix (row after row, its lower triangle is read). A column
 * that follows from those before gets a pivot of 0.
 */
export function decompose(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  const at = (row: number, column: number): number => factor[row * size + column] as number;
  for (let column = 0; column < size; column += 1) {
    const diagonal = matrix[column * size + column] as number;
    let pivot = diagonal;
    for (let inner = 0; inner < column; inner += 1) pivot -= at(column, inner) ** 2;
    const root = pivot > NEGLIGIBLE * diagonal ? Math.sqrt(pivot) : 0;
    factor[column * size + column] = root;
    for (let row = column + 1; root > 0 && row < size; row += 1) {
      let value = matrix[row * size + column] as number;
      for (let inner = 0; inner < column; inner += 1) value -= at(row, inner) * at(column, inner);
      factor[row * size + column] = value / root;
    }
  }
  return factor;
}

/** The solution for one right side; unknowns with a pivot of 0 are 0. */
export function solve(factor: Float64Array, right: Float64Array, size: number): Float64Array {
  const result = right.slice();
  const at = (row: number, column: number): number => factor[row * size + column] as number;
  for (let row = 0; row < size; row += 1) {
    let value = result[row] as number;
    for (let column = 0; column < row; column += 1) value -= at(row, column) * (result[column] as number);
    result[row] = at(row, row) === 0 ? 0 : value / at(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let value = result[row] as number;
    for (let column = row + 1; column < size; column += 1)
      value -= at(column, row) * (result[column] as number);
    result[row] = at(row, row) === 0 ? 0 : value / at(row, row);
  }
  return result;
}
