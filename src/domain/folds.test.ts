import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stratifiedFolds, temporalFolds } from './folds.ts';

const table = fc
  .array(fc.record({ label: fc.boolean(), group: fc.nat(30) }), { minLength: 10, maxLength: 120 })
  .map((rows) => ({
    rows: Uint32Array.from(rows.keys()),
    labels: Float32Array.from(rows, ({ label }) => (label ? 1 : 0)),
    groups: Uint32Array.from(rows, ({ group }) => group),
  }));

test('every row is judged once, by folds that learn from all the others', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 2, max: 6 }), fc.nat(), (columns, count, seed) => {
      const folds = stratifiedFolds(columns, count, seed);
      expect(folds.flatMap(({ judged }) => [...judged]).sort((a, b) => a - b)).toEqual([...columns.rows]);
      for (const { train, judged } of folds)
        expect([...train, ...judged].sort((a, b) => a - b)).toEqual([...columns.rows]);
    }),
  );
});

test('rows of one group are never on both sides of a fold', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 2, max: 6 }), fc.nat(), (columns, count, seed) => {
      for (const { train, judged } of stratifiedFolds(columns, count, seed)) {
        const learnt = new Set(Array.from(train, (row) => columns.groups[row]));
        expect(Array.from(judged).some((row) => learnt.has(columns.groups[row]))).toBe(false);
      }
    }),
  );
});

test('single rows are dealt out so that folds differ by one row of each class at most', () => {
  const rows = Uint32Array.from({ length: 103 }, (_, row) => row);
  const labels = Float32Array.from(rows, (row) => (row % 4 === 0 ? 1 : 0));
  const folds = stratifiedFolds({ rows, labels, groups: rows }, 5, 3);
  const positives = folds.map(({ judged }) => judged.filter((row) => labels[row] === 1).length);
  const negatives = folds.map(({ judged }) => judged.filter((row) => labels[row] === 0).length);
  for (const counts of [positives, negatives])
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

test('temporal folds learn only from rows whose window ended before the block that is judged', () => {
  const rows = Uint32Array.from({ length: 24 }, (_, row) => row);
  const days = Int32Array.from(rows, (row) => 30 * (row % 12));
  const folds = temporalFolds({ rows, days }, 3, 60);
  expect(folds).toHaveLength(3);
  for (const { train, judged } of folds) {
    const begin = Math.min(...Array.from(judged, (row) => days[row] ?? 0));
    for (const row of train) expect((days[row] ?? 0) + 60).toBeLessThanOrEqual(begin);
  }
  const judged = folds.flatMap((fold) => [...fold.judged]);
  expect(new Set(judged).size).toBe(judged.length);
});

test('there are no more temporal folds than days that can be judged', () => {
  const rows = Uint32Array.of(0, 1, 2);
  expect(temporalFolds({ rows, days: Int32Array.of(0, 30, 60) }, 5, 30)).toHaveLength(1);
});
