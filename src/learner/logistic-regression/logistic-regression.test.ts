import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { FeatureMatrix } from '../learner.ts';
import {
  explainLogistic,
  fitLogisticRegression,
  type LogisticTask,
  predictLogistic,
} from './logistic-regression.ts';

const matrixOf = (columns: readonly (readonly number[])[]): FeatureMatrix => ({
  rows: columns[0]?.length ?? 0,
  columns: columns.length,
  data: Float64Array.from(columns.flat()),
});

const allRows = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, row) => row);

const task = (
  columns: readonly (readonly number[])[],
  labels: readonly number[],
  more: Partial<LogisticTask> = {},
): LogisticTask => ({
  features: matrixOf(columns),
  categorical: [],
  trainRows: allRows(labels.length),
  labels: Float32Array.from(labels),
  ...more,
});

/** First derivatives of the loss by the definition, at a fitted model. */
function gradientOf(
  columns: readonly (readonly number[])[],
  labels: readonly number[],
  l2: number,
): number[] {
  const model = fitLogisticRegression(task(columns, labels, { l2 }));
  const odds = predictLogistic(model, matrixOf(columns));
  const residuals = labels.map((label, row) => label - 1 / (1 + Math.exp(-(odds[row] as number))));
  return [
    residuals.reduce((sum, value) => sum + value, 0),
    ...model.terms.map(({ column, mean, scale, coefficient }) =>
      residuals.reduce(
        (sum, value, row) => sum + (value * ((columns[column]?.[row] as number) - mean)) / scale,
        -l2 * coefficient,
      ),
    ),
  ];
}

describe('a logistic regression', () => {
  test('is where the penalised likelihood is flat', () => {
    const row = fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.integer({ min: 0, max: 1 }),
    );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 2, maxLength: 40 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (rows, l2) => {
          const labels = rows.map(([, , label]) => label);
          fc.pre(labels.includes(0) && labels.includes(1));
          const columns = [rows.map(([first]) => first), rows.map(([, second]) => second)];
          for (const value of gradientOf(columns, labels, l2)) expect(Math.abs(value)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  test('reads its training rows only', () => {
    const columns = [[1, 2, 3, 4, 900, NaN]];
    const labels = [0, 1, 0, 1, NaN, NaN];
    const trainRows = allRows(4);
    const short = fitLogisticRegression(task([[1, 2, 3, 4]], [0, 1, 0, 1]));
    expect(fitLogisticRegression(task(columns, labels, { trainRows }))).toEqual(short);
  });

  test('fills missing values with the mean and tells them by an indicator', () => {
    const model = fitLogisticRegression(task([[1, NaN, 3, NaN, 5, 3]], [0, 1, 0, 1, 0, 1]));
    expect(model.terms).toMatchObject([
      { column: 0, reads: 'value', mean: 3 },
      { column: 0, reads: 'missing', mean: 1 / 3 },
    ]);
    expect(model.terms[1]?.coefficient).toBeGreaterThan(0);
    const [missing, mean] = predictLogistic(model, matrixOf([[NaN, 3]]));
    expect(missing).toBeGreaterThan(mean as number);
  });

  test('gives each category a coefficient, and an unknown one none', () => {
    const model = fitLogisticRegression(
      task([[0, 0, 1, 1, 2, 2, NaN, NaN]], [0, 0, 1, 1, 0, 1, 0, 1], { categorical: [0] }),
    );
    expect(model.terms.map((term) => (term.reads === 'code' ? term.code : term.reads))).toEqual([0, 1, 2]);
    const [low, high, unknown, missing] = predictLogistic(model, matrixOf([[0, 1, 7, NaN]]));
    expect(high).toBeGreaterThan(low as number);
    expect(unknown).toBe(missing);
  });

  test('leaves out what does not vary', () => {
    const constant = new Array<number>(4).fill(0.1);
    const model = fitLogisticRegression(task([constant, [NaN, NaN, NaN, NaN], [1, 2, 3, 4]], [0, 1, 0, 1]));
    expect(model.terms.map(({ column }) => column)).toEqual([2]);
  });

  test('predicts the base rate where there is nothing to read', () => {
    const model = fitLogisticRegression(task([[7, 7, 7, 7]], [0, 0, 0, 1]));
    expect([...predictLogistic(model, matrixOf([[1]]))]).toEqual([expect.closeTo(Math.log(1 / 3), 12)]);
  });

  test('starts many rows from a part of them and ends where all of them lead', () => {
    const rows = 250_000;
    const values = Array.from({ length: rows }, (_, row) => ((row * 0.618_033_988_75) % 1) - 0.5);
    const labels = values.map((value, row) => ((row * 0.754_877_666) % 1 < 0.1 + 0.1 * value ? 1 : 0));
    const model = fitLogisticRegression(task([values], labels));
    const odds = predictLogistic(model, matrixOf([values]));
    const expected = odds.reduce((sum, value) => sum + 1 / (1 + Math.exp(-value)), 0);
    expect(expected).toBeCloseTo(
      labels.reduce<number>((sum, label) => sum + label, 0),
      3,
    );
  });

  test('refuses one class, a matrix of another shape and other columns', () => {
    expect(() => fitLogisticRegression(task([[1, 2]], [1, 1]))).toThrow(/of 2 rows .* 2 are positive/);
    const features = { rows: 2, columns: 2, data: new Float64Array(2) };
    expect(() => fitLogisticRegression(task([[1, 2]], [0, 1], { features }))).toThrow(/cannot have 2 values/);
    const model = fitLogisticRegression(task([[1, 2]], [0, 1]));
    expect(() => predictLogistic(model, matrixOf([[1], [2]]))).toThrow(/trained on 1 features/);
  });

  test('says where its search did not end, as with classes that a feature tells apart', () => {
    const columns = [Array.from({ length: 40 }, (_, row) => row)];
    const labels = columns[0]?.map((value) => Number(value >= 20)) ?? [];
    expect(fitLogisticRegression(task(columns, labels, { l2: 1 })).converged).toBe(true);
    expect(fitLogisticRegression(task(columns, labels, { l2: 0 })).converged).toBe(false);
  });

  test('takes a weight for so many copies of a row, and explains its log-odds feature by feature', () => {
    const columns = [
      [1, 2, 3, 4, NaN, 6],
      [0, 1, 0, 1, 2, 2],
    ];
    const weighted = fitLogisticRegression(
      task(columns, [0, 1, 0, 1, 1, 0], {
        categorical: [1],
        weights: Float32Array.of(1, 2, 1, 1, 1, 1),
      }),
    );
    const odds = predictLogistic(weighted, matrixOf(columns));
    const contributions = explainLogistic(weighted, matrixOf(columns));
    odds.forEach((value, row) => {
      const own = contributions.subarray(row * 3, row * 3 + 3);
      expect(own.reduce((sum, part) => sum + part, 0)).toBeCloseTo(value, 12);
      expect(own[2]).toBe(weighted.intercept);
    });
    const residual = [0, 1, 0, 1, 1, 0].reduce(
      (sum, label, row) => sum + (row === 1 ? 2 : 1) * (label - 1 / (1 + Math.exp(-(odds[row] as number)))),
      0,
    );
    expect(residual).toBeCloseTo(0, 8);
  });
});
