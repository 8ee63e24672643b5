import fc from 'fast-check';
import { expect, test } from 'vitest';

import { HoldfastError } from '../kernel/index.ts';
import { probabilityOfRiskScore, riskScore, riskScores } from './risk-score.ts';

const open = { min: 0.001, max: 0.999, noNaN: true };

test('the average entity scores one half whatever the base rate', () => {
  fc.assert(
    fc.property(fc.double(open), (rate) => {
      expect(riskScore(rate, rate)).toBeCloseTo(0.5, 12);
    }),
  );
});

test('certain probabilities keep their score and a balanced base rate changes nothing', () => {
  expect([riskScore(0, 0.03), riskScore(1, 0.03), riskScore(0.3, 0.5)]).toEqual([0, 1, 0.3]);
});

test('the inverse gives the probability back', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double(open), (probability, rate) => {
      expect(probabilityOfRiskScore(riskScore(probability, rate), rate)).toBeCloseTo(probability, 10);
    }),
  );
});

test('a column of scores is the scores of its rows', () => {
  const probabilities = Float64Array.of(0.01, 0.2, 0.9);
  expect([...riskScores(probabilities, 0.04)]).toEqual(
    [...probabilities].map((value) => riskScore(value, 0.04)),
  );
});

test.each([0, 1, -0.2, NaN])('a base rate of %d is refused', (rate) => {
  for (const call of [
    () => riskScore(0.5, rate),
    () => riskScores(Float64Array.of(0.5), rate),
    () => probabilityOfRiskScore(0.5, rate),
  ]) {
    expect(call).toThrow(HoldfastError);
    expect(call).toThrow(expect.objectContaining({ code: 'HF207' }) as Error);
  }
});
