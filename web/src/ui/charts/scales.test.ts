import { describe, expect, test } from 'vitest';
import { niceTicks } from './axis.ts';
import { countAt, logHeight, logTicks } from './log-scale.ts';

describe('heights of counts', () => {
  test('nothing has no height, one can be seen, and each tenfold adds one', () => {
    expect([0, 1, 10, 100, 1000].map(logHeight)).toEqual([0, 1, 2, 3, 4]);
  });

  test('a height leads back to its count', () => {
    for (const count of [0, 1, 7, 250, 20_000]) expect(countAt(logHeight(count))).toBeCloseTo(count, 6);
  });

  test('ticks reach the first power of ten that holds the highest count', () => {
    expect(logTicks(0)).toEqual([0, 1]);
    expect(logTicks(1)).toEqual([0, 1]);
    expect(logTicks(10)).toEqual([0, 1, 2]);
    expect(logTicks(11)).toEqual([0, 1, 2, 3]);
  });
});

describe('ticks of an axis', () => {
  test('are round and hold the highest figure', () => {
    expect(niceTicks(0.036)).toEqual([0, 0.01, 0.02, 0.03, 0.04]);
    expect(niceTicks(0.2)).toEqual([0, 0.05, 0.1, 0.15, 0.2]);
    expect(niceTicks(17)).toEqual([0, 5, 10, 15, 20]);
  });

  test('of nothing still make an axis', () => {
    expect(niceTicks(0)).toEqual([0, 1]);
    expect(niceTicks(Number.NaN)).toEqual([0, 1]);
  });
});
