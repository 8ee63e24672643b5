import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { makeCoherent } from './coherence.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const row = fc
  .integer({ min: 1, max: 6 })
  .chain((size) => fc.array(probability, { minLength: size, maxLength: size }));

function project(values: readonly number[]): number[] {
  const columns = values.map((value) => Float64Array.of(value));
  makeCoherent(columns);
  return columns.map((column) => column[0] as number);
}

const squaredError = (values: readonly number[], truth: readonly number[]): number =>
  values.reduce((total, value, index) => total + (value - (truth[index] as number)) ** 2, 0);

describe('makeCoherent', () => {
  test('pools a falling pair and leaves coherent rows alone', () => {
    const columns = [
      Float64Array.of(0.1, 0.4, 0.9),
      Float64Array.of(0.2, 0.2, 0.6),
      Float64Array.of(0.3, 0.5, 0.3),
    ];
    expect(makeCoherent(columns)).toBe(2);
    const rounded = columns.map((column) => [...column].map((value) => Number(value.toFixed(12))));
    expect(rounded).toEqual([
      [0.1, 0.3, 0.6],
      [0.2, 0.3, 0.6],
      [0.3, 0.5, 0.6],
    ]);
  });

  test('gives non-decreasing rows and is done in one go', () => {
    fc.assert(
      fc.property(row, (values) => {
        const projected = project(values);
        projected.forEach((value, index) => {
          expect(value).toBeGreaterThanOrEqual(projected[index - 1] ?? 0);
        });
        expect(project(projected)).toEqual(projected);
      }),
    );
  });

  test('is the minimax solution of isotonic regression', () => {
    fc.assert(
      fc.property(row, (values) => {
        const mean = (from: number, to: number): number =>
          values.slice(from, to + 1).reduce((total, value) => total + value, 0) / (to - from + 1);
        project(values).forEach((value, index) => {
          const starts = values.map((_, start) => start).filter((start) => start <= index);
          const ends = values.map((_, end) => end).filter((end) => end >= index);
          const expected = Math.max(
            ...starts.map((start) => Math.min(...ends.map((end) => mean(start, end)))),
          );
          expect(value).toBeCloseTo(expected, 12);
        });
      }),
    );
  });

  test('never raises the squared error against a non-decreasing truth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(probability, fc.oneof(probability, fc.constantFrom(0, 1))), { maxLength: 6 }),
        (pairs) => {
          const values = pairs.map(([value]) => value);
          const truth = pairs.map(([, value]) => value).sort((a, b) => a - b);
          expect(squaredError(project(values), truth)).toBeLessThanOrEqual(
            squaredError(values, truth) + 1e-12,
          );
        },
      ),
    );
  });

  test('refuses NaN before it changes a row', () => {
    const columns = [Float64Array.of(0.5, 0.1), Float64Array.of(0.1, NaN)];
    expect(() => makeCoherent(columns)).toThrow(/row 2 is NaN/);
    expect([...(columns[0] as Float64Array)]).toEqual([0.5, 0.1]);
  });

  test('has nothing to do for no columns and for one', () => {
    expect(makeCoherent([])).toBe(0);
    expect(makeCoherent([Float64Array.of(0.3)])).toBe(0);
  });
});
