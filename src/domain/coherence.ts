/**
 * Coherent horizons: who leaves within 30 days leaves within 60. A row's values, ordered by
 * horizon, are projected on the non-decreasing sequences.
 */
import { assertNumbers, assertSameLength } from './columns.ts';

/**
 * Replaces each row of `columns` (shortest horizon first) by the nearest non-decreasing row in
 * squared distance, in place, by pooling adjacent violators. Being a projection on a convex cone it
 * never raises a row's summed squared error against a non-decreasing truth, and doing it twice is
 * doing it once. Returns how many rows it changed. Throws HF207 for NaN, before changing anything.
 */
export function makeCoherent(columns: readonly Float64Array[]): number {
  const [first] = columns;
  if (first === undefined) return 0;
  assertSameLength(Object.fromEntries(columns.map((column, index) => [`horizon ${index + 1}`, column])));
  for (const column of columns) assertNumbers(column, 'probability', { finite: true });
  const values = new Float64Array(columns.length);
  const sizes = new Uint32Array(columns.length);
  let changed = 0;
  for (let row = 0; row < first.length; row += 1) {
    if (isNonDecreasing(columns, row)) continue;
    projectRow(columns, row, values, sizes);
    changed += 1;
  }
  return changed;
}

function isNonDecreasing(columns: readonly Float64Array[], row: number): boolean {
  for (let index = 1; index < columns.length; index += 1) {
    if (valueAt(columns, index, row) < valueAt(columns, index - 1, row)) return false;
  }
  return true;
}

/** `values` and `sizes` are room for the blocks: their mean and how many horizons they hold. */
function projectRow(
  columns: readonly Float64Array[],
  row: number,
  values: Float64Array,
  sizes: Uint32Array,
): void {
  let blocks = 0;
  for (let index = 0; index < columns.length; index += 1) {
    let value = valueAt(columns, index, row);
    let size = 1;
    while (blocks > 0 && (values[blocks - 1] as number) > value) {
      const above = sizes[blocks - 1] as number;
      value = (value * size + (values[blocks - 1] as number) * above) / (size + above);
      size += above;
      blocks -= 1;
    }
    values[blocks] = value;
    sizes[blocks] = size;
    blocks += 1;
  }
  let index = 0;
  for (let block = 0; block < blocks; block += 1) {
    const end = index + (sizes[block] as number);
    for (; index < end; index += 1) (columns[index] as Float64Array)[row] = values[block] as number;
  }
}

function valueAt(columns: readonly Float64Array[], index: number, row: number): number {
  return (columns[index] as Float64Array)[row] as number;
}
