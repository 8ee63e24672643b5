/** The baseline's coefficients and predictions against scikit-learn's, to 1e-6. */
import { describe, expect, test } from 'vitest';

import { fitLogisticRegression, predictLogistic } from '../../src/learner/index.ts';
import { ask, generator, reasonToSkip } from './python-reference.ts';

interface Case {
  readonly name: string;
  readonly columns: readonly (readonly (number | null)[])[];
  readonly categorical: readonly number[];
  readonly labels: readonly number[];
  readonly l2: number;
}

interface Answer {
  readonly intercept: number;
  /** Rising. */
  readonly coefficients: readonly number[];
  readonly predictions: readonly number[];
}

function makeCase(name: string, seed: number, rows: number, width: number, l2: number): Case {
  const random = generator(seed);
  const columns = Array.from({ length: width }, (_, column) =>
    Array.from({ length: rows }, () => {
      if (column === 1) return Math.floor(random() * 4);
      // Every third column has missing values, and columns differ much in scale.
      return column % 3 === 2 && random() < 0.2 ? null : (random() + random() - 0.7) * 10 ** (column % 5);
    }),
  );
  const labels = Array.from({ length: rows }, (_, row) => {
    const odds =
      -2 + 3 * (columns[0]?.[row] ?? 0) + (columns[1]?.[row] === 2 ? 1 : 0) - (columns[2]?.[row] ?? 0) / 100;
    return random() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  });
  return { name, columns, categorical: [1], labels, l2 };
}

const CASES = [
  makeCase('few columns', 1, 2000, 4, 1),
  makeCase('forty columns', 2, 5000, 40, 1),
  makeCase('a strong penalty', 3, 500, 12, 50),
  makeCase('a weak penalty', 4, 3000, 12, 1e-3),
];

const skip = reasonToSkip('sklearn');

describe.skipIf(skip !== null)(`scikit-learn agrees${skip === null ? '' : ` (skipped: ${skip})`}`, () => {
  const answers = skip === null ? (ask('logistic_reference.py', CASES) as readonly Answer[]) : [];

  test.each(CASES.map((one, index) => [one.name, one, index] as const))(
    'on a logistic regression with %s',
    (_, one, index) => {
      const { intercept, coefficients, predictions } = answers[index] as Answer;
      const rows = one.labels.length;
      const features = {
        rows,
        columns: one.columns.length,
        data: Float64Array.from(one.columns.flat(), (value) => value ?? NaN),
      };
      const model = fitLogisticRegression({
        features,
        categorical: one.categorical,
        trainRows: Uint32Array.from({ length: rows }, (_unused, row) => row),
        labels: Float32Array.from(one.labels),
        l2: one.l2,
      });
      expect(model.intercept).toBeCloseTo(intercept, 6);
      const actual = model.terms.map(({ coefficient }) => coefficient).sort((a, b) => a - b);
      expect(actual).toHaveLength(coefficients.length);
      actual.forEach((value, place) => {
        expect(value).toBeCloseTo(coefficients[place] as number, 6);
      });
      predictLogistic(model, features).forEach((value, row) => {
        expect(value).toBeCloseTo(predictions[row] as number, 6);
      });
    },
  );
});
