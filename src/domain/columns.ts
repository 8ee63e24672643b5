/** Checks that every function on columns makes; they turn silent NaN into a named row. */
import { HoldfastError } from '../kernel/index.ts';

/** Labels of a binary target: 0 or 1 for each row. */
export type Labels = Uint8Array | Float32Array;

/** Columns of one table have one length; anything else is a fault of the caller (HF900). */
export function assertSameLength(
  columns: Readonly<Record<string, { readonly length: number } | undefined>>,
): void {
  const lengths = Object.entries(columns).flatMap(([name, column]) =>
    column === undefined ? [] : [{ name, length: column.length }],
  );
  const [first, ...others] = lengths;
  const other = others.find((candidate) => candidate.length !== first?.length);
  if (first === undefined || other === undefined) return;
  throw new HoldfastError('HF900', {
    message: `columns differ in length: ${first.name} has ${first.length} rows, ${other.name} has ${other.length}`,
    hint: 'Report this; it is a fault of Holdfast, not of the data.',
  });
}

/** Refuses NaN (HF207), naming the first such row; infinities only where `finite` is asked for. */
export function assertNumbers(
  column: Float64Array,
  name: string,
  { finite = false }: { readonly finite?: boolean } = {},
): void {
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] as number;
    if (finite ? Number.isFinite(value) : !Number.isNaN(value)) continue;
    throw new HoldfastError('HF207', {
      message: `${name} of row ${row + 1} is ${value}, not ${finite ? 'a finite number' : 'a number'}`,
      hint: 'Leave the row out or fill the value in before this step.',
    });
  }
}

/** Refuses labels that are neither 0 nor 1 (HF207), such as the NaN of an unknown label. */
export function assertLabels(labels: Labels): void {
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row];
    if (label === 0 || label === 1) continue;
    throw new HoldfastError('HF207', {
      message: `label of row ${row + 1} is ${label}, neither 0 nor 1`,
      hint: 'Leave rows with an unknown label out before this step.',
    });
  }
}

/** How many labels are 1. */
export function countPositives(labels: Labels): number {
  let positives = 0;
  for (const label of labels) positives += label;
  return positives;
}

/** Refuses values outside 0 to 1 and NaN (HF207). */
export function assertShares(column: Float64Array, name: string): void {
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] as number;
    if (value >= 0 && value <= 1) continue;
    throw new HoldfastError('HF207', {
      message: `${name} of row ${row + 1} is ${value}, not between 0 and 1`,
      hint: 'Give calibrated probabilities, not raw scores.',
    });
  }
}
