import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { applyIsotonic, fitIsotonicCalibrator, fitIsotonic } from './isotonic.ts';

const column = (values: readonly number[]): Float64Array => Float64Array.from(values);

interface Row {
  readonly score: number;
  readonly label: number;
  readonly weight: number;
}

const row = fc.record({
  score: fc.integer({ min: -5, max: 5 }),
  label: fc.integer({ min: 0, max: 1 }),
  weight: fc.integer({ min: 1, max: 4 }),
});
const someRows = fc.array(row, { minLength: 1, maxLength: 12 });

const scoresOf = (rows: readonly Row[]): Float64Array => column(rows.map(({ score }) => score));
const labelsOf = (rows: readonly Row[]): Uint8Array => Uint8Array.from(rows.map(({ label }) => label));
const weightsOf = (rows: readonly Row[]): Float64Array => column(rows.map(({ weight }) => weight));

/** The fitted value by the minimax formula: max over starts of min over ends of the mean between. */
function minimax(rows: readonly Row[], score: number): number {
  const known = [...new Set(rows.map((item) => item.score))];
  const mean = (from: number, to: number): number => {
    const inside = rows.filter((item) => item.score >= from && item.score <= to);
    const weight = inside.reduce((total, item) => total + item.weight, 0);
    return inside.reduce((total, item) => total + item.weight * item.label, 0) / weight;
  };
  const ends = known.filter((end) => end >= score);
  return Math.max(
    ...known
      .filter((start) => start <= score)
      .map((start) => Math.min(...ends.map((end) => mean(start, end)))),
  );
}

describe('fitIsotonic', () => {
  test('pools violators and keeps the ends of each pool as knots', () => {
    const knots = fitIsotonic(column([1, 2, 3, 4, 5]), Uint8Array.from([0, 1, 0, 1, 1]));
    expect(knots).toEqual({ x: [1, 2, 3, 4, 5], y: [0, 0.5, 0.5, 1, 1] });
    expect(Object.isFrozen(knots) && Object.isFrozen(knots.x) && Object.isFrozen(knots.y)).toBe(true);
  });

  test('pools equal scores before anything else', () => {
    expect(fitIsotonic(column([2, 1, 1, 2]), Uint8Array.from([1, 1, 0, 0]))).toEqual({
      x: [1, 2],
      y: [0.5, 0.5],
    });
  });

  test('gives the minimax solution at every score', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const knots = fitIsotonic(scoresOf(rows), labelsOf(rows), weightsOf(rows));
        const fitted = applyIsotonic(knots, scoresOf(rows));
        rows.forEach(({ score }, index) => {
          expect(fitted[index]).toBeCloseTo(minimax(rows, score), 12);
        });
      }),
    );
  });

  test('keeps the mean of the labels and does not depend on the order of rows', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const fitted = applyIsotonic(fitIsotonic(scoresOf(rows), labelsOf(rows)), scoresOf(rows));
        const total = fitted.reduce((sum, value) => sum + value, 0);
        expect(total).toBeCloseTo(
          labelsOf(rows).reduce((sum, label) => sum + label, 0),
          10,
        );
        const backwards = rows.toReversed();
        expect(fitIsotonic(scoresOf(backwards), labelsOf(backwards))).toEqual(
          fitIsotonic(scoresOf(rows), labelsOf(rows)),
        );
      }),
    );
  });

  test('leaves rows without weight out', () => {
    const knots = fitIsotonic(column([1, 2, 9]), Uint8Array.from([0, 1, 0]), column([1, 1, 0]));
    expect(knots).toEqual({ x: [1, 2], y: [0, 1] });
  });

  test('refuses no rows, scores that are not finite and unknown labels', () => {
    expect(() => fitIsotonic(column([]), Uint8Array.of())).toThrow(/no rows/);
    expect(() => fitIsotonic(column([1]), Uint8Array.of(1), column([0]))).toThrow(/no rows/);
    expect(() => fitIsotonic(column([Infinity]), Uint8Array.of(1))).toThrow(/row 1 is Infinity/);
    expect(() => fitIsotonic(column([1]), Float32Array.of(NaN))).toThrow(/label of row 1/);
    expect(() => fitIsotonic(column([1]), Uint8Array.of(1), column([-1]))).toThrow(/weight of row 1/);
  });
});

describe('applyIsotonic', () => {
  const knots = { x: [0, 1, 2, 4], y: [0.1, 0.1, 0.3, 0.7] };

  test('is linear between knots and constant beyond them', () => {
    const scores = column([-Infinity, -1, 0, 0.5, 1, 1.5, 2, 3, 4, 5, Infinity]);
    const expected = [0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.5, 0.7, 0.7, 0.7];
    applyIsotonic(knots, scores).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] as number, 15);
    });
  });

  test('gives one value everywhere where there is one knot', () => {
    expect([...applyIsotonic({ x: [3], y: [0.2] }, column([1, 3, 7]))]).toEqual([0.2, 0.2, 0.2]);
  });

  test('never falls as the score rises, to the last bit', () => {
    const scores = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(someRows, scores, (rows, others) => {
        const sorted = column([...others, ...scoresOf(rows)]).sort();
        for (const fitted of [fitIsotonic, fitIsotonicCalibrator].map((fit) =>
          fit(scoresOf(rows), labelsOf(rows)),
        )) {
          const values = applyIsotonic(fitted, sorted);
          values.forEach((value, index) => {
            expect(value).toBeGreaterThanOrEqual(values[index - 1] ?? 0);
          });
          expect(Math.max(...values)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('refuses NaN', () => {
    expect(() => applyIsotonic(knots, column([NaN]))).toThrow(/row 1 is NaN/);
  });
});

describe('fitIsotonicCalibrator', () => {
  test('gives ends without one of the classes half a row of the other', () => {
    const knots = fitIsotonicCalibrator(column([1, 2, 3, 4, 5, 6]), Uint8Array.from([0, 0, 0, 1, 1, 1]));
    expect(knots).toEqual({ x: [1, 3, 4, 6], y: [0.125, 0.125, 0.875, 0.875] });
  });

  test('does not lift a small end over its neighbour', () => {
    const scores = column([0, ...new Array<number>(20).fill(1)]);
    const labels = Uint8Array.from([0, 1, ...new Array<number>(19).fill(0)]);
    expect(fitIsotonicCalibrator(scores, labels).y).toEqual([0.05, 0.05]);
  });

  test('differs from the plain fit only at 0 and 1 and keeps strictly between them', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const plain = fitIsotonic(scoresOf(rows), labelsOf(rows));
        const guarded = fitIsotonicCalibrator(scoresOf(rows), labelsOf(rows));
        expect(guarded.x).toEqual(plain.x);
        guarded.y.forEach((value, index) => {
          expect(value > 0 && value < 1).toBe(true);
          if (plain.y[index] !== 0 && plain.y[index] !== 1) expect(value).toBe(plain.y[index]);
        });
      }),
    );
  });
});
