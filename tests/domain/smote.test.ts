/** Neighbours of SMOTE and SMOTE-NC against those of imbalanced-learn. */
import { describe, expect, test } from 'vitest';
import { distanceSpace, nearestRows } from '../../src/domain/smote.ts';
import { ask, generator, reasonToSkip } from './python-reference.ts';

interface Answer {
  readonly neighbours: readonly (readonly number[])[];
  readonly median_deviation: number | null;
}

const COLUMNS = 5;
const ROWS = 120;

/** Rows of the minority class; the last columns are categories with four values. */
function rowsOf(seed: number, categorical: readonly number[]): number[][] {
  const random = generator(seed);
  return Array.from({ length: ROWS }, () =>
    Array.from({ length: COLUMNS }, (_, column) =>
      categorical.includes(column) ? Math.floor(random() * 4) : (random() + random()) * 3 ** column,
    ),
  );
}

const skip = reasonToSkip('imblearn', 'numpy');

describe.skipIf(skip !== null)(`neighbours${skip === null ? '' : ` (${skip})`}`, () => {
  test.each([
    ['numbers only', []],
    ['two categories', [3, 4]],
    ['mostly categories', [1, 2, 3, 4]],
  ])('%s: distances and neighbours are those of imbalanced-learn', (_name, categorical) => {
    const rows = rowsOf(categorical.length + 1, categorical);
    const answer = ask('smote_reference.py', { rows, categorical, neighbours: 5 }) as Answer;
    const data = Float64Array.from(
      { length: ROWS * COLUMNS },
      (_, place) => rows[place % ROWS]?.[Math.floor(place / ROWS)] ?? NaN,
    );
    const space = distanceSpace({ rows: ROWS, columns: COLUMNS, data, categorical });
    if (answer.median_deviation !== null)
      expect(Math.sqrt(space.mismatch)).toBeCloseTo(answer.median_deviation, 9);
    const all = Uint32Array.from({ length: ROWS }, (_, row) => row);
    const distance = (a: number, b: number): number =>
      Array.from({ length: COLUMNS }, (_, column) => column).reduce((sum, column) => {
        const difference = (rows[a]?.[column] ?? 0) - (rows[b]?.[column] ?? 0);
        return (
          sum + (categorical.includes(column) ? (difference === 0 ? 0 : space.mismatch) : difference ** 2)
        );
      }, 0);
    for (const row of all) {
      // Of equal distances either row may be named, so that the distances are compared.
      const ours = Array.from(nearestRows(space, row, all, 5), (other) => distance(row, other));
      const theirs = (answer.neighbours[row] ?? []).slice(-5).map((other) => distance(row, other));
      ours.forEach((value, place) => {
        expect(value).toBeCloseTo(theirs[place] ?? NaN, 8);
      });
    }
  });
});
