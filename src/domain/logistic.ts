/**
 * Logistic regression by Newton's method, exact: what calibrators, the calibration line and the
 * baseline model are fitted with. The design is read in blocks, so that it need not exist as a whole.
 */
import { decompose, solve } from './cholesky.ts';
import { addBlock, BLOCK_ROWS, type Derivatives, makeRoom, type Room } from './logistic-block.ts';

/** What is fitted: the least negative log-likelihood plus `l2` / 2 times the squared coefficients. */
export interface LogisticProblem {
  readonly rows: number;
  /** Columns of the design; the intercept is not among them. */
  readonly columns: number;
  /** Writes rows [from, from + count) to `block`: column after column, each `count` long. */
  readonly fill: (from: number, count: number, block: Float64Array) => void;
  /** Cases that each row stands for; without it 1. */
  readonly weights?: Float64Array;
  /** Positive cases of each row, not necessarily whole. */
  readonly hits: Float64Array;
  /** Log-odds that are added to those of each row. */
  readonly offset?: Float64Array;
  /** Penalty on the coefficients, not on the intercept; default 0. */
  readonly l2?: number;
  /** Where the search starts: intercept, then coefficients. Default: coefficients of 0. */
  readonly start?: readonly number[];
  /** The search ends when no parameter moves by more than this; default 1e-10. */
  readonly tolerance?: number;
}

export interface LogisticFit {
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /** False where the search did not end, as with classes that a column separates. */
  readonly converged: boolean;
}

const STEPS_AT_MOST = 100;
const HALVINGS_AT_MOST = 30;
/** With more columns the second derivatives are renewed only where steps get slow. */
const CHEAP_COLUMNS = 8;

/**
 * Fits the regression. Where columns follow from others, nothing decides between them and the later
 * ones keep what they started with. A step is halved where the slope along it has turned and not
 * shrunk: the function is convex, so that the search cannot run away.
 */
export function fitLogistic(problem: LogisticProblem): LogisticFit {
  const { tolerance = 1e-10, columns } = problem;
  const size = columns + 1;
  const cheap = columns <= CHEAP_COLUMNS;
  let parameters = startOf(problem);
  const room = makeRoom(columns);
  const at = (place: Float64Array, curved: boolean): Derivatives =>
    derivativesAt(problem, place, curved, room);
  let here = at(parameters, true);
  let factor = decompose(here.curvature, size);
  for (let step = 0; step < STEPS_AT_MOST; step += 1) {
    const direction = solve(factor, here.gradient, size);
    const slope = dot(here.gradient, direction);
    let next = moved(parameters, direction, 1);
    let there = at(next, cheap);
    for (let halving = 1; halving < HALVINGS_AT_MOST; halving += 1) {
      if (dot(there.gradient, direction) >= -0.9 * slope) break;
      next = moved(parameters, direction, 0.5 ** halving);
      there = at(next, cheap);
    }
    const move = next.reduce(
      (most, value, index) => Math.max(most, Math.abs(value - (parameters[index] as number))),
      0,
    );
    const slow = norm(there.gradient) > norm(here.gradient) / 4;
    parameters = next;
    here = !cheap && slow && move > tolerance ? at(next, true) : there;
    if (move <= tolerance) return fitOf(parameters, true);
    if (cheap || slow) factor = decompose(here.curvature, size);
  }
  return fitOf(parameters, false);
}

const fitOf = (parameters: Float64Array, converged: boolean): LogisticFit => ({
  intercept: parameters[0] as number,
  coefficients: [...parameters.subarray(1)],
  converged,
});

function startOf({ start, columns, rows, weights, hits, offset }: LogisticProblem): Float64Array {
  if (start !== undefined) return Float64Array.from(start);
  const parameters = new Float64Array(columns + 1);
  let positives = 0;
  let all = 0;
  for (let row = 0; row < rows; row += 1) {
    positives += hits[row] as number;
    all += weights === undefined ? 1 : (weights[row] as number);
  }
  if (offset === undefined && positives > 0 && positives < all)
    parameters[0] = Math.log(positives / (all - positives));
  return parameters;
}

/** First derivatives of the penalised log-likelihood and, where asked for, the negated second ones. */
function derivativesAt(
  problem: LogisticProblem,
  parameters: Float64Array,
  curved: boolean,
  room: Room,
): Derivatives {
  const { rows, columns, fill, l2 = 0 } = problem;
  const size = columns + 1;
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - from);
    fill(from, count, room.block);
    addBlock(problem, parameters, from, count, { gradient, curvature }, room, curved);
  }
  for (let index = 1; index < size; index += 1) {
    gradient[index] = (gradient[index] as number) - l2 * (parameters[index] as number);
    curvature[index * size + index] = (curvature[index * size + index] as number) + l2;
  }
  return { gradient, curvature };
}

const moved = (from: Float64Array, direction: Float64Array, length: number): Float64Array =>
  from.map((value, index) => value + length * (direction[index] as number));

const dot = (left: Float64Array, right: Float64Array): number =>
  left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);

const norm = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));
