import { describe, expect, it } from 'vitest';
import { eitherWay, separationOf } from './separation.ts';

const ROWS = 400;
/** Even numbers from 0 to 1 without an order, the same on every run. */
const noise = (row: number, salt: number): number => {
  const product = Math.sin(row * 12.9898 + salt * 78.233) * 43_758.5453;
  return product - Math.floor(product);
};
const rows = (value: (row: number) => number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, row) => value(row));
const labels = Uint8Array.from({ length: ROWS }, (_, row) => (noise(row, 1) < 0.2 ? 1 : 0));
const folds = Uint8Array.from({ length: ROWS }, (_, row) => (noise(row, 2) < 0.5 ? 0 : 1));
const positive = (row: number): boolean => labels[row] === 1;

describe('separationOf', () => {
  it('is near one half for a value that says nothing', () => {
    const { byValue, byBand, byMissing, pure } = separationOf(
      labels,
      rows((row) => noise(row, 3)),
      { isCategorical: false, folds },
    );
    expect(byValue).toBeLessThan(0.6);
    expect(byBand).toBeLessThan(0.65);
    expect(byMissing).toBeNull();
    expect(pure).toBeUndefined();
  });

  it.each([1, -1])('sees values that separate, in the direction %i', (direction) => {
    const values = rows((row) => direction * (positive(row) ? 2 + noise(row, 3) : noise(row, 3)));
    expect(separationOf(labels, values, { isCategorical: false, folds }).byValue).toBe(1);
  });

  it('sees positives in the middle of the range, where the order of values does not', () => {
    const values = rows((row) =>
      positive(row) ? 0.5 : noise(row, 3) < 0.5 ? noise(row, 4) * 0.4 : 0.6 + noise(row, 4) * 0.4,
    );
    const { byValue, byBand } = separationOf(labels, values, { isCategorical: false, folds });
    expect(byValue).toBeLessThan(0.7);
    expect(byBand).toBeGreaterThan(0.95);
  });

  it('sees that missing values tell, and leaves them out of the order of values', () => {
    const values = rows((row) => (positive(row) && row % 50 !== 0 ? NaN : noise(row, 3)));
    const { byMissing, byValue, pure } = separationOf(labels, values, { isCategorical: false, folds });
    expect(byMissing).toBeGreaterThan(0.95);
    expect(byValue).toBeNull();
    expect(pure).toMatchObject({ isMissing: true });
  });

  it('does not learn categories by heart that occur once', () => {
    const { byBand } = separationOf(
      labels,
      rows((row) => row),
      { isCategorical: true, folds },
    );
    expect(byBand).toBeLessThan(0.65);
  });

  it('names a band that only part of the positives are in, where nearly all rows are positive', () => {
    const values = rows((row) => (positive(row) && noise(row, 5) < 0.6 ? 1 : 0));
    const { byBand, pure } = separationOf(labels, values, { isCategorical: false, folds });
    expect(byBand).toBeLessThan(0.95);
    expect(pure).toMatchObject({ isMissing: false, from: 1, to: 1 });
    expect(pure?.positives).toBe(pure?.rows);
  });
});

describe('eitherWay', () => {
  it('says nothing of a handful of rows', () => {
    expect(eitherWay(Uint8Array.of(0, 1), Float64Array.of(0, 1))).toBeNull();
  });
});
