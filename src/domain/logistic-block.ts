/** The arithmetic of one block of rows in a logistic regression; nearly all its time is spent here. */
import { logisticOf } from './log-odds.ts';

/** Rows of a block: few enough for its columns to stay in the processor's cache. */
export const BLOCK_ROWS = 256;

/** Sums over rows. Index 0 is the intercept. */
export interface Derivatives {
  readonly gradient: Float64Array;
  /** Lower triangle, row after row. */
  readonly curvature: Float64Array;
}

/** What one block after the other is computed in. */
export interface Room {
  readonly block: Float64Array;
  readonly logOdds: Float64Array;
  readonly residuals: Float64Array;
  readonly scaled: Float64Array;
}

export function makeRoom(columns: number): Room {
  return {
    block: new Float64Array(BLOCK_ROWS * columns),
    logOdds: new Float64Array(BLOCK_ROWS),
    residuals: new Float64Array(BLOCK_ROWS),
    scaled: new Float64Array(BLOCK_ROWS * columns),
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
  { gradient, curvature }: Derivatives,
  { block, logOdds, residuals, scaled }: Room,
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
    const probability = logisticOf(logOdds[row] as number);
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
  for (let column = 0; column < columns; column += 1)
    gradient[column + 1] =
      (gradient[column + 1] as number) + product(residuals, 0, block, column * count, count);
  if (curved) addCurvature(columns, count, curvature, { block, logOdds, scaled });
}

/** Adds the sums of curvature x column x column; `logOdds` holds the curvature of each row. */
function addCurvature(
  columns: number,
  count: number,
  curvature: Float64Array,
  { block, logOdds, scaled }: Pick<Room, 'block' | 'logOdds' | 'scaled'>,
): void {
  const size = columns + 1;
  for (let column = 0; column < columns; column += 1) {
    const start = column * count;
    let sum = 0;
    for (let row = 0; row < count; row += 1) {
      const value = (logOdds[row] as number) * (block[start + row] as number);
      scaled[start + row] = value;
      sum += value;
    }
    curvature[(column + 1) * size] = (curvature[(column + 1) * size] as number) + sum;
  }
  const add = (row: number, column: number, value: number): void => {
    const place = (row + 1) * size + column + 1;
    curvature[place] = (curvature[place] as number) + value;
  };
  for (let left = 0; left < columns; left += 2) {
    for (let right = 0; right <= left; right += 2) {
      if (left + 1 < columns) {
        addFourProducts(scaled, left * count, block, right * count, count, left, right, add);
      } else {
        add(left, right, product(scaled, left * count, block, right * count, count));
        if (right < left)
          add(left, right + 1, product(scaled, left * count, block, (right + 1) * count, count));
      }
    }
  }
}

/** Products of two columns with two others at once: each number that is read serves two of them. */
function addFourProducts(
  scaled: Float64Array,
  left: number,
  block: Float64Array,
  right: number,
  count: number,
  row: number,
  column: number,
  add: (row: number, column: number, value: number) => void,
): void {
  let [firstFirst, firstSecond, secondFirst, secondSecond] = [0, 0, 0, 0];
  for (let place = 0; place < count; place += 1) {
    const one = scaled[left + place] as number;
    const two = scaled[left + count + place] as number;
    const three = block[right + place] as number;
    const four = block[right + count + place] as number;
    firstFirst += one * three;
    firstSecond += one * four;
    secondFirst += two * three;
    secondSecond += two * four;
  }
  add(row, column, firstFirst);
  // The upper triangle gets a sum too where both pairs are the same; nobody reads it.
  add(row, column + 1, firstSecond);
  add(row + 1, column, secondFirst);
  add(row + 1, column + 1, secondSecond);
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
function product(
  left: Float64Array,
  leftStart: number,
  block: Float64Array,
  start: number,
  count: number,
): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let row = 0;
  for (; row + 3 < count; row += 4) {
    const place = start + row;
    const leftPlace = leftStart + row;
    first += (left[leftPlace] as number) * (block[place] as number);
    second += (left[leftPlace + 1] as number) * (block[place + 1] as number);
    third += (left[leftPlace + 2] as number) * (block[place + 2] as number);
    fourth += (left[leftPlace + 3] as number) * (block[place + 3] as number);
  }
  for (; row < count; row += 1) first += (left[leftStart + row] as number) * (block[start + row] as number);
  return first + second + (third + fourth);
}
