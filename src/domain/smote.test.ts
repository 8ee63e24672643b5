import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distanceSpace, nearestRows, smote } from './smote.ts';

const number = fc.oneof(fc.double({ min: -50, max: 50, noNaN: true }), fc.constant(NaN));
const minority = fc.integer({ min: 1, max: 25 }).chain((rows) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(3),
    data: fc
      .tuple(
        fc.array(number, { minLength: 2 * rows, maxLength: 2 * rows }),
        fc.array(fc.nat(3), { minLength: rows, maxLength: rows }),
      )
      .map(([numbers, codes]) => Float64Array.of(...numbers, ...codes)),
    categorical: fc.constant([2]),
  }),
);

test('every synthetic value lies within those of its column, and categories are ones that were there', () => {
  fc.assert(
    fc.property(minority, fc.nat(), (rows, seed) => {
      const count = 20;
      const made = smote(rows, { count, seed });
      expect(made).toHaveLength(count * 3);
      for (const column of [0, 1, 2]) {
        const real = Array.from(rows.data.subarray(column * rows.rows, (column + 1) * rows.rows));
        const there = real.filter((value) => !Number.isNaN(value));
        for (const value of made.subarray(column * count, (column + 1) * count)) {
          if (Number.isNaN(value)) expect(real.some(Number.isNaN)).toBe(true);
          else if (column === 2) expect(real).toContain(value);
          else {
            expect(value).toBeGreaterThanOrEqual(Math.min(...there) - 1e-9);
            expect(value).toBeLessThanOrEqual(Math.max(...there) + 1e-9);
          }
        }
      }
    }),
  );
});

test('a synthetic row lies on the line between a row and one of its nearest neighbours', () => {
  const data = Float64Array.of(0, 1, 2, 10, 11, 12, 0, 1, 2, 10, 11, 12);
  const rows = { rows: 6, columns: 2, data, categorical: [] };
  const made = smote(rows, { count: 200, seed: 5, neighbours: 2 });
  for (let index = 0; index < 200; index++) {
    const [x, y] = [made[index] as number, made[200 + index] as number];
    expect(x).toBeCloseTo(y, 12);
    expect(x <= 2 || x >= 10).toBe(true);
  }
});

test('the same seed makes the same rows and another seed others', () => {
  const rows = { rows: 4, columns: 1, data: Float64Array.of(1, 2, 4, 8), categorical: [] };
  expect(smote(rows, { count: 9, seed: 1 })).toEqual(smote(rows, { count: 9, seed: 1 }));
  expect(smote(rows, { count: 9, seed: 1 })).not.toEqual(smote(rows, { count: 9, seed: 2 }));
});

test('a lone minority row is repeated, as it has no neighbour', () => {
  const rows = { rows: 1, columns: 2, data: Float64Array.of(3, 1), categorical: [1] };
  expect([...smote(rows, { count: 2, seed: 0 })]).toEqual([3, 3, 1, 1]);
});

test('a category that differs weighs as much as the median deviation of the numbers', () => {
  const data = Float64Array.of(0, 1.5, 4, 0, 1, 0);
  const space = distanceSpace({ rows: 3, columns: 2, data, categorical: [1] });
  expect(Math.sqrt(space.mismatch)).toBeCloseTo(1.6499, 4);
  expect([...nearestRows(space, 0, Uint32Array.of(0, 1, 2), 2)]).toEqual([1, 2]);
});
