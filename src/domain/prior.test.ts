import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { priorCorrected, shiftToMean } from './prior.ts';

const meanOf = (column: Float64Array): number =>
  column.reduce((sum, value) => sum + value, 0) / column.length;
const column = fc
  .array(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((values) => Float64Array.from(values));

describe('shiftToMean', () => {
  test('reaches any mean with one constant on all log-odds', () => {
    fc.assert(
      fc.property(column, fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (probabilities, mean) => {
        const shifted = shiftToMean(probabilities, mean);
        expect(meanOf(shifted.probabilities)).toBeCloseTo(mean, 12);
        probabilities.forEach((probability, row) => {
          const odds = (probability / (1 - probability)) * Math.exp(shifted.constant);
          expect(shifted.probabilities[row]).toBeCloseTo(odds / (1 + odds), 10);
        });
      }),
    );
  });

  test('leaves alone what has the mean already', () => {
    const probabilities = Float64Array.of(0.1, 0.2, 0.6);
    expect(shiftToMean(probabilities, meanOf(probabilities)).constant).toBeCloseTo(0, 12);
  });

  test('takes probabilities of 0 and 1 to the ends that it keeps', () => {
    const { probabilities } = shiftToMean(Float64Array.of(0, 0.5, 1), 0.4);
    expect(meanOf(probabilities)).toBeCloseTo(0.4, 12);
  });

  test('refuses no rows, a mean at an end and what is no probability', () => {
    expect(() => shiftToMean(Float64Array.of(), 0.5)).toThrow(/no probabilities/);
    expect(() => shiftToMean(Float64Array.of(0.5), 0)).toThrow(/mean to shift to is 0/);
    expect(() => shiftToMean(Float64Array.of(0.5), NaN)).toThrow(/mean to shift to is NaN/);
    expect(() => shiftToMean(Float64Array.of(1.5), 0.5)).toThrow(/row 1 is 1.5/);
  });
});

describe('priorCorrected', () => {
  test('is p / (p + w (1 - p)) for the probability p of the raw score', () => {
    const rawScores = Float64Array.of(-3, 0, 2);
    const corrected = priorCorrected(rawScores, 30);
    rawScores.forEach((score, row) => {
      const p = 1 / (1 + Math.exp(-score));
      expect(corrected[row]).toBeCloseTo(p / (p + 30 * (1 - p)), 14);
    });
  });

  test('refuses a weight that is not above 0', () => {
    expect(() => priorCorrected(Float64Array.of(0), 0)).toThrow(/weight is 0/);
  });
});
