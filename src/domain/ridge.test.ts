import { describe, expect, it } from 'vitest';
import { uniformNumbers } from './random.ts';
import { weightedRidge } from './ridge.ts';

describe('weighted ridge regression', () => {
  const rows = 400;
  const random = uniformNumbers(3);
  const design = Uint8Array.from({ length: rows * 3 }, () => (random() < 0.4 ? 1 : 0));
  const weights = Float64Array.from({ length: rows }, () => 0.1 + random());
  const column = (index: number, row: number): number => design[index * rows + row] as number;
  const target = Float64Array.from(
    { length: rows },
    (_, row) => 1.5 + 2 * column(0, row) - 3 * column(1, row),
  );

  it('finds the coefficients of an exact line, with next to no penalty', () => {
    const { intercept, coefficients, fit } = weightedRidge(design, target, weights, 1e-9);
    expect(intercept).toBeCloseTo(1.5, 8);
    [2, -3, 0].forEach((expected, index) => {
      expect(coefficients[index]).toBeCloseTo(expected, 6);
    });
    expect(fit).toBeCloseTo(1, 12);
  });

  it('satisfies the equations that the least penalised error has', () => {
    const penalty = 20;
    const noisy = target.map((value) => value + random());
    const { intercept, coefficients, fit } = weightedRidge(design, noisy, weights, penalty);
    const residuals = noisy.map(
      (value, row) =>
        value -
        intercept -
        [...coefficients].reduce((sum, coefficient, index) => sum + coefficient * column(index, row), 0),
    );
    const weighted = (of: (row: number) => number): number =>
      residuals.reduce((sum, residual, row) => sum + residual * of(row) * (weights[row] as number), 0);
    expect(weighted(() => 1)).toBeCloseTo(0, 8);
    coefficients.forEach((coefficient, index) => {
      expect(weighted((row) => column(index, row))).toBeCloseTo(penalty * coefficient, 8);
    });
    expect(fit).toBeGreaterThan(0.5);
    expect(fit).toBeLessThan(1);
  });

  it('gives a column that never varies no weight', () => {
    const constant = design.map((value, place) => (place >= 2 * rows ? 1 : value));
    expect(weightedRidge(constant, target, weights, 1).coefficients[2]).toBe(0);
  });
});
