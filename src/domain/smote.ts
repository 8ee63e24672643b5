/**
 * Synthetic minority rows: SMOTE (Chawla, Bowyer, Hall and Kegelmeyer 2002), and SMOTE-NC of the same paper
 * where there are categories.
 */
import { assertCount } from './options.ts';
import { randomNumbers } from './random.ts';

/** Rows of the minority class, column after column; NaN is missing, categories are codes. */
export interface MinorityRows {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  readonly categorical: readonly number[];
}

export interface SmoteOptions {
  /** Default 5. */
  readonly neighbours?: number;
  /** Rows to make. */
  readonly count: number;
  readonly seed: number;
  /** Neighbours are sought among at most so many rows, drawn by the seed; default 4000. */
  readonly mostSearched?: number;
}

/** `count` rows, column after column. */
export type SyntheticRows = Float64Array;

/**
 * Makes rows between minority rows and their nearest minority neighbours. A number lies at the same random part of
 * the way in each column; a category is the most frequent one among the neighbours (the row's own where several
 * are). Distance is Euclidean over numbers; a category that differs adds the square of the median standard
 * deviation of the numeric columns. Missing numbers count as the median in distances; where one of the two ends is
 * missing, the row keeps what it has.
 */
export function smote(minority: MinorityRows, options: SmoteOptions): SyntheticRows {
  const { count, seed, neighbours = 5, mostSearched = 4000 } = options;
  assertCount(neighbours, 'neighbours', 1);
  const searched = drawn(minority.rows, mostSearched, seed);
  const space = distanceSpace(minority);
  const random = randomNumbers(seed, 1);
  const nearest = new Map<number, Uint32Array>();
  const isCategorical = new Set(minority.categorical);
  const made = new Float64Array(count * minority.columns);
  for (let index = 0; index < count; index++) {
    const base = searched[random() % searched.length] as number;
    let around = nearest.get(base);
    if (around === undefined) {
      around = nearestRows(space, base, searched, neighbours);
      nearest.set(base, around);
    }
    const other = around.length === 0 ? base : (around[random() % around.length] as number);
    const part = random() / 2 ** 32;
    for (let column = 0; column < minority.columns; column++) {
      const from = column * minority.rows;
      const own = minority.data[from + base] as number;
      const theirs = minority.data[from + other] as number;
      made[column * count + index] = isCategorical.has(column)
        ? mostFrequent(minority, column, base, around)
        : Number.isNaN(theirs)
          ? own
          : own + part * (theirs - own);
    }
  }
  return made;
}

/** The `count` rows of `among` that are nearest to a row, without itself, nearest first. */
export function nearestRows(
  space: DistanceSpace,
  row: number,
  among: Uint32Array,
  count: number,
): Uint32Array {
  const rows = new Uint32Array(count);
  const distances = new Float64Array(count).fill(Infinity);
  let found = 0;
  for (const other of among) {
    if (other === row) continue;
    const worst = distances[count - 1] as number;
    const distance = squaredDistance(space, row, other, worst);
    if (distance >= worst) continue;
    let place = Math.min(found, count - 1);
    while (place > 0 && (distances[place - 1] as number) > distance) {
      distances[place] = distances[place - 1] as number;
      rows[place] = rows[place - 1] as number;
      place -= 1;
    }
    distances[place] = distance;
    rows[place] = other;
    found = Math.min(count, found + 1);
  }
  return rows.slice(0, found);
}

/** Row after row, so that a distance reads memory in order: numbers first, then category codes. */
export interface DistanceSpace {
  readonly numbers: number;
  readonly columns: number;
  readonly data: Float64Array;
  /** What a category that differs adds to the squared distance. */
  readonly mismatch: number;
}

/** The space in which neighbours are sought. */
export function distanceSpace({ rows, columns, data, categorical }: MinorityRows): DistanceSpace {
  const isCategorical = new Set(categorical);
  const numeric = Array.from({ length: columns }, (_, column) => column).filter(
    (column) => !isCategorical.has(column),
  );
  const order = [...numeric, ...categorical];
  const space = new Float64Array(rows * columns);
  const deviations: number[] = [];
  for (const [place, column] of order.entries()) {
    const values = data.subarray(column * rows, (column + 1) * rows);
    const fill = isCategorical.has(column) ? -1 : median(values.filter((value) => !Number.isNaN(value)));
    const filled = values.map((value) => (Number.isNaN(value) ? fill : value));
    filled.forEach((value, row) => {
      space[row * columns + place] = value;
    });
    if (!isCategorical.has(column)) deviations.push(deviation(filled));
  }
  const spread = median(Float64Array.from(deviations));
  return { numbers: numeric.length, columns, data: space, mismatch: numeric.length === 0 ? 1 : spread ** 2 };
}

/** Stops at `limit`: what lies farther is no neighbour. */
function squaredDistance(space: DistanceSpace, a: number, b: number, limit: number): number {
  const { columns, numbers, data, mismatch } = space;
  let sum = 0;
  for (let place = 0; place < columns && sum < limit; place++) {
    const difference = (data[a * columns + place] as number) - (data[b * columns + place] as number);
    if (place < numbers) sum += difference * difference;
    else if (difference !== 0) sum += mismatch;
  }
  return sum;
}

function mostFrequent(
  { rows, data }: MinorityRows,
  column: number,
  base: number,
  around: Uint32Array,
): number {
  const own = data[column * rows + base] as number;
  const counts = new Map<number, number>();
  for (const row of around) {
    const value = data[column * rows + row] as number;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const most = Math.max(0, ...counts.values());
  if (around.length === 0 || counts.get(own) === most) return own;
  // The lowest code among equals, so that the order of neighbours does not matter.
  const winners = [...counts].filter(([, seen]) => seen === most).map(([value]) => value);
  return winners.reduce((least, value) => (value < least || Number.isNaN(least) ? value : least));
}

/** Up to `most` of the numbers below `count`, ascending. */
function drawn(count: number, most: number, seed: number): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  if (count <= most) return all;
  const random = randomNumbers(seed, 2);
  for (let index = 0; index < most; index++) {
    const other = index + (random() % (count - index));
    const kept = all[index] as number;
    all[index] = all[other] as number;
    all[other] = kept;
  }
  return all.slice(0, most).sort();
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function deviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
