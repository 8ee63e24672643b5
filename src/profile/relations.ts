/** How columns go together, measured on a sample. Pure. */
import { type ColumnPair, type ColumnSeparation, eitherWay, separationOf } from '../domain/index.ts';
import type { Sample, SampledColumn } from './matrix.ts';

/** Alone above this area, a column tells what happened; the leakage audit stops at the same. */
export const SEPARATES_FROM = 0.95;
/** Where the name says too that it is about leaving, less is enough. */
export const SUSPECT_FROM = 0.75;
const LEAST_FILLED = 20;
/** Share of rows with a value that are positive, from which on the value was written down for those who left. */
const FILLED_FOR_POSITIVES = 0.98;

/** Measures what each column alone says of the label; empty without labels of both classes. */
export function separations(sample: Sample): Map<string, ColumnSeparation> {
  const rows: number[] = [];
  sample.labels.forEach((label, row) => {
    if (!Number.isNaN(label)) rows.push(row);
  });
  const labels = Float32Array.from(rows, (row) => sample.labels[row] as number);
  const folds = Uint8Array.from(rows, (row) => sample.folds[row] as number);
  const rate = labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length);
  const found = new Map<string, ColumnSeparation>();
  if (rate === 0 || rate === 1 || labels.length === 0) return found;
  for (const column of sample.columns) {
    const values = Float64Array.from(rows, (row) => column.values[row] as number);
    const isCategorical = column.kind !== 'numeric' && column.kind !== 'date';
    const { byValue, byBand, byMissing, pure } = separationOf(labels, values, { isCategorical, folds });
    found.set(column.name, {
      byValue,
      byBand,
      byMissing,
      suspicion: suspicionOf({ byValue, byBand, byMissing }, pure, filled(labels, values), rate),
    });
  }
  return found;
}

/** The order of keys says nothing of who leaves where keys are drawn blindly; the leakage audit stops at the same. */
const ORDER_TELLS_FROM = 0.8;

/** Whether one of the orders of the key tells who left. */
export function orderTells({ labels }: Sample, orders: readonly Float64Array[]): boolean {
  const rows = [...labels.keys()].filter((row) => !Number.isNaN(labels[row]));
  const known = Float32Array.from(rows, (row) => labels[row] as number);
  return orders.some(
    (order) =>
      (eitherWay(
        known,
        Float64Array.from(rows, (row) => order[row] as number),
      ) ?? 0) >= ORDER_TELLS_FROM,
  );
}

interface Filled {
  readonly rows: number;
  readonly positives: number;
  readonly missing: number;
}

function filled(labels: Float32Array, values: Float64Array): Filled {
  let rows = 0;
  let positives = 0;
  values.forEach((value, row) => {
    if (Number.isNaN(value)) return;
    rows += 1;
    positives += labels[row] as number;
  });
  return { rows, positives, missing: values.length - rows };
}

function suspicionOf(
  { byValue, byBand, byMissing }: Omit<ColumnSeparation, 'suspicion'>,
  pure: { readonly isMissing: boolean; readonly rows: number; readonly positives: number } | undefined,
  { rows, positives, missing }: Filled,
  rate: number,
): string | null {
  const share = (value: number): string => `${(value * 100).toFixed(value > 0.99 && value < 1 ? 1 : 0)} %`;
  if (missing > 0 && rows >= LEAST_FILLED && rate < 0.9 && positives >= rows * FILLED_FOR_POSITIVES)
    return `it is filled in for those who left: ${share(positives / rows)} of the rows with a value`;
  if (byMissing !== null && byMissing >= SEPARATES_FROM)
    return `whether it is missing alone tells who left (AUC ${byMissing.toFixed(3)})`;
  const [best, how] =
    (byValue ?? 0) >= (byBand ?? 0) ? [byValue, 'its value'] : [byBand, 'the rate of its values'];
  if (best !== null && best >= SEPARATES_FROM) return `${how} alone tells who left (AUC ${best.toFixed(3)})`;
  if (pure !== undefined)
    return `${pure.isMissing ? 'the rows without a value' : 'one value or range of it'} are nearly all positive (${String(pure.positives)} of ${String(pure.rows)})`;
  return null;
}

const COPY_FROM = 0.99;
const MOST_COLUMNS = 300;
const SHOWN_FROM = 0.5;
const MOST_PAIRS = 50;
/** More levels than these are not compared level by level. */
const MOST_LEVELS = 1000;

/** Pairs of columns that go together, strongest first. Copies come whole, other correlations up to a number. */
export function pairsOf({ columns }: Sample): ColumnPair[] {
  const numbers = columns.filter(({ kind }) => kind === 'numeric').slice(0, MOST_COLUMNS);
  const codes = columns
    .filter(({ kind }) => kind !== 'date' && kind !== 'empty' && kind !== 'text')
    .slice(0, MOST_COLUMNS)
    .map((column) => ({
      ...column,
      levels: new Set(column.values.filter((value) => !Number.isNaN(value))).size,
    }))
    .filter(({ levels }) => levels > 1 && levels <= MOST_LEVELS);
  const pairs = new Map<string, ColumnPair>();
  const standardised = numbers.map((column) => standardise(column));
  for (const [index, one] of standardised.entries())
    for (const other of standardised.slice(index + 1)) {
      const correlation = correlationOf(one, other);
      if (correlation === null || Math.abs(correlation) < SHOWN_FROM) continue;
      const isCopy = Math.abs(correlation) >= COPY_FROM;
      pairs.set(`${one.name}\0${other.name}`, {
        one: one.name,
        other: other.name,
        correlation,
        factor: isCopy ? factorOf(one.raw, other.raw) : null,
        isCopy,
      });
    }
  for (const [index, one] of codes.entries())
    for (const other of codes.slice(index + 1)) {
      if (one.levels !== other.levels || pairs.has(`${one.name}\0${other.name}`)) continue;
      if (!nameTheSame(one, other)) continue;
      pairs.set(`${one.name}\0${other.name}`, {
        one: one.name,
        other: other.name,
        correlation: 1,
        factor: null,
        isCopy: true,
      });
    }
  const sorted = [...pairs.values()].sort(
    (one, other) => Math.abs(other.correlation) - Math.abs(one.correlation),
  );
  return sorted.filter(({ isCopy }, index) => isCopy || index < MOST_PAIRS);
}

interface Standardised {
  readonly name: string;
  readonly raw: Float64Array;
  /** Zero mean and unit length, missing values at the mean; undefined where all are the same. */
  readonly values: Float64Array | undefined;
  readonly missing: number;
}

function standardise({ name, values: raw }: SampledColumn): Standardised {
  let sum = 0;
  let present = 0;
  for (const value of raw) {
    if (Number.isNaN(value)) continue;
    sum += value;
    present += 1;
  }
  const mean = sum / Math.max(1, present);
  const values = raw.map((value) => (Number.isNaN(value) ? 0 : value - mean));
  const length = Math.sqrt(values.reduce((total, value) => total + value * value, 0));
  return {
    name,
    raw,
    values: length > 0 ? values.map((value) => value / length) : undefined,
    missing: raw.length - present,
  };
}

function correlationOf(one: Standardised, other: Standardised): number | null {
  if (one.values === undefined || other.values === undefined) return null;
  // Two columns that are both mostly missing would agree on the mean they were given.
  if (Math.max(one.missing, other.missing) > one.raw.length / 2) return null;
  let product = 0;
  for (let row = 0; row < one.values.length; row += 1)
    product += (one.values[row] as number) * (other.values[row] as number);
  return product;
}

/** What `one` is times `other`, where that is the same in nearly all rows. */
function factorOf(one: Float64Array, other: Float64Array): number | null {
  const ratios: number[] = [];
  one.forEach((value, row) => {
    const divisor = other[row] as number;
    if (!Number.isNaN(value) && !Number.isNaN(divisor) && divisor !== 0 && value !== 0)
      ratios.push(value / divisor);
  });
  if (ratios.length === 0) return null;
  ratios.sort((a, b) => a - b);
  const at = (share: number): number => ratios[Math.floor(share * (ratios.length - 1))] as number;
  return at(0.95) - at(0.05) <= Math.abs(at(0.5)) * 0.02 ? at(0.5) : null;
}

/** Whether each level of one goes with exactly one level of the other, in every row. */
function nameTheSame(one: SampledColumn, other: SampledColumn): boolean {
  const there = new Map<number, number>();
  const back = new Map<number, number>();
  for (let row = 0; row < one.values.length; row += 1) {
    const a = one.values[row] as number;
    const b = other.values[row] as number;
    if (Number.isNaN(a) !== Number.isNaN(b)) return false;
    if (Number.isNaN(a)) continue;
    if ((there.get(a) ?? b) !== b || (back.get(b) ?? a) !== a) return false;
    there.set(a, b);
    back.set(b, a);
  }
  return there.size > 1;
}
