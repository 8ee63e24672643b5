/** The arithmetic of one block of rows in a logistic regression; nearly all its time is spent here. */

/** Rows of a block: few enough for its columns to stay in the processor's cache. */
export const BLOCK_ROWS = 256;

/** Sums over rows, and room to work in. Index 0 is the intercept. */
export interface Derivatives {
  readonly gradient: Float64Array;
  /** Lower triangle, row after row. */
  readonly curvature: Float64Array;
  readonly block: Float64Array;
  readonly logOdds: Float64Array;
  readonly residuals: Float64Array;
  readonly scaled: Float64Array;
}

export function emptyDerivatives(columns: number): Derivatives {
  return {
    gradient: new Float64Array(columns + 1),
    curvature: new Float64Array((columns + 1) ** 2),
    block: new Float64Array(BLOCK_ROWS * columns),
    logOdds: new Float64Array(BLOCK_ROWS),
    residuals: new Float64Array(BLOCK_ROWS),
    scaled: new Float64Array(BLOCK_ROWS),
  };
}

interface Cases {
  readonly columns: number;
  readonly weights?: Float64Array;
  readonly hits: Float64Array;
  readonly offset?: Float64Array;
}

/** Adds rows [from, from + count), whose design is in `block`, to the sums. */
export function addBlock(
  { columns, weights, hits, offset }: Cases,
  parameters: Float64Array,
  from: number,
  count: number,
  { gradient, curvature, block, logOdds, residuals, scaled }: Derivatives,
  curved: boolean,
): void {
  const intercept = parameters[0] as number;
  for (let row = 0; row < count; row += 1)
    logOdds[row] = intercept + (offset === undefined ? 0 : (offset[from + row] as number));
  for (let column = 0; column < columns; column += 1)
    addScaled(logOdds, block, column * count, count, parameters[column + 1] as number);
  let residualSum = 0;
  let curvatureSum = 0;
  for (let row = 0; row < count; row += 1) {
    const probability = 1 / (1 + Math.exp(-(logOdds[row] as number)));
    const weight = weights === undefined ? 1 : (weights[from + row] as number);
    const residual = (hits[from + row] as number) - weight * probability;
    residuals[row] = residual;
    residualSum += residual;
    // From here on the row's log-odds give way to its curvature.
    const bend = weight * probability * (1 - probability);
    logOdds[row] = bend;
    curvatureSum += bend;
  }
  gradient[0] = (gradient[0] as number) + residualSum;
  curvature[0] = (curvature[0] as number) + curvatureSum;
  const size = columns + 1;
  for (let column = 0; column < columns; column += 1) {
    gradient[column + 1] =
      (gradient[column + 1] as number) + product(residuals, block, column * count, count);
    if (!curved) continue;
    const line = (column + 1) * size;
    const start = column * count;
    let sum = 0;
    for (let row = 0; row < count; row += 1) {
      const value = (logOdds[row] as number) * (block[start + row] as number);
      scaled[row] = value;
      sum += value;
    }
    curvature[line] = (curvature[line] as number) + sum;
    for (let other = 0; other <= column; other += 1)
      curvature[line + other + 1] =
        (curvature[line + other + 1] as number) + product(scaled, block, other * count, count);
  }
}

function addScaled(
  target: Float64Array,
  block: Float64Array,
  start: number,
  count: number,
  factor: number,
): void {
  for (let row = 0; row < count; row += 1)
    target[row] = (target[row] as number) + factor * (block[start + row] as number);
}

/** Four sums at a time: one sum alone would wait for each addition before it. */
function product(left: Float64Array, block: Float64Array, start: number, count: number): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const place = start + row;
    first += (left[row] as number) * (block[place] as number);
    second += (left[row + 1] as number) * (block[place + 1] as number);
    third += (left[row + 2] as number) * (block[place + 2] as number);
    fourth += (left[row + 3] as number) * (block[place + 3] as number);
  }
  for (; row < count; row += 1) first += (left[row] as number) * (block[start + row] as number);
  return first + second + (third + fourth);
}
