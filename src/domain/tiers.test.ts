import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { assignByCapacity, assignByProfit, assignByThreshold } from './tiers.ts';

const LADDER = [
  { name: 'RED', horizonDays: 30, threshold: 0.5 },
  { name: 'AMBER', horizonDays: 60, threshold: 0.5 },
  { name: 'YELLOW', horizonDays: 90, threshold: 0.5 },
];
const HORIZONS = [30, 60, 90];

const columnsOf = (rows: readonly (readonly number[])[]): Map<number, Float64Array> =>
  new Map(HORIZONS.map((days, index) => [days, Float64Array.from(rows, (row) => row[index] as number)]));

/** Values on a coarse grid, so that ties and values on a threshold occur. */
const value = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
const rows = fc.array(fc.tuple(value, value, value), { maxLength: 30 });

describe('assignByThreshold', () => {
  test('takes the first tier whose value lies strictly above its threshold', () => {
    const columns = columnsOf([
      [0.9, 0.9, 0.9],
      [0.5, 0.6, 0.7],
      [0.1, 0.5, 0.51],
      [0.5, 0.5, 0.5],
      [0.6, 0.1, 0.1],
    ]);
    expect([...assignByThreshold(LADDER, columns)]).toEqual([0, 1, 2, 3, 0]);
  });

  test('gives every row exactly the tier of the written cascade', () => {
    fc.assert(
      fc.property(rows, value, value, value, (values, ...thresholds) => {
        const ladder = LADDER.map((rung, index) => ({ ...rung, threshold: thresholds[index] as number }));
        const expected = values.map((row) => {
          const rung = ladder.findIndex(({ threshold }, index) => (row[index] as number) > threshold);
          return rung === -1 ? ladder.length : rung;
        });
        expect([...assignByThreshold(ladder, columnsOf(values))]).toEqual(expected);
      }),
    );
  });

  test('puts everybody in the last tier where there are no rules', () => {
    expect([...assignByThreshold([], columnsOf([[1, 1, 1]]))]).toEqual([0]);
  });

  test('refuses a horizon without scores and NaN', () => {
    const ladder = [{ name: 'RED', horizonDays: 7, threshold: 0.5 }];
    expect(() => assignByThreshold(ladder, columnsOf([]))).toThrow(/tier RED looks at horizon 7/);
    expect(() => assignByThreshold(LADDER, columnsOf([[0, NaN, 0]]))).toThrow(/horizon 60 of row 1 is NaN/);
  });
});

describe('assignByCapacity', () => {
  const withCapacities = (...capacities: number[]) =>
    LADDER.map(({ name, horizonDays }, index) => ({
      name,
      horizonDays,
      capacity: capacities[index] as number,
    }));

  test('takes the highest scores left, tied ones in row order', () => {
    const columns = columnsOf([
      [1, 9, 1],
      [3, 8, 2],
      [3, 7, 3],
      [3, 6, 4],
      [2, 5, 4],
    ]);
    expect([...assignByCapacity(withCapacities(2, 1, 1), columns)]).toEqual([1, 0, 0, 2, 3]);
  });

  test('fills each tier to its capacity or takes everybody left, and takes nobody below one it leaves', () => {
    const capacity = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(rows, capacity, capacity, capacity, (values, ...capacities) => {
        const tiers = assignByCapacity(withCapacities(...capacities), columnsOf(values));
        let left = values.map((_, row) => row);
        capacities.forEach((room, rung) => {
          const taken = left.filter((row) => tiers[row] === rung);
          const others = left.filter((row) => tiers[row] !== rung);
          expect(taken).toHaveLength(Math.min(room, left.length));
          const scoreOf = (row: number): number => values[row]?.[rung] as number;
          for (const one of taken) {
            for (const other of others) {
              const better =
                scoreOf(one) > scoreOf(other) || (scoreOf(one) === scoreOf(other) && one < other);
              expect(better).toBe(true);
            }
          }
          left = others;
        });
        expect(left.every((row) => tiers[row] === LADDER.length)).toBe(true);
      }),
    );
  });

  test.each([-1, 1.5, NaN])('a capacity of %d is refused', (capacity) => {
    expect(() => assignByCapacity(withCapacities(capacity, 1, 1), columnsOf([]))).toThrow(
      /capacity of tier RED/,
    );
  });
});

test('assignByProfit takes the first tier whose expected gain is above zero', () => {
  const columns = columnsOf([
    [0, 0, 0],
    [-2, 0.01, 3],
    [5, -1, -1],
    [-1, 0, 1],
  ]);
  expect([...assignByProfit(LADDER, columns)]).toEqual([3, 1, 0, 2]);
});
