import { expect, test } from 'vitest';

import { expectedGain, expectedGains, remainingValue, valueAtRisk, valuesAtRisk } from './value.ts';

const TERMS = { contactCost: 4, offerCost: 20, acceptance: 0.25 };

test('value at risk is the probability times the value', () => {
  expect(valueAtRisk(0.25, 400)).toBe(100);
  expect([...valuesAtRisk(Float64Array.of(0, 0.5, 1), Float64Array.of(10, 20, 30))]).toEqual([0, 10, 30]);
});

test('remaining value counts the months of revenue', () => {
  expect(remainingValue(35, 12)).toBe(420);
});

test('expected gain pays for every contact and for every accepted offer', () => {
  expect(expectedGain({ ...TERMS, probability: 0.5, value: 400 })).toBe(0.25 * (200 - 20) - 4);
  expect(expectedGain({ ...TERMS, probability: 0, value: 400 })).toBe(-9);
  expect(expectedGain({ ...TERMS, acceptance: 0, probability: 1, value: 400 })).toBe(-4);
});

test('expected gains of columns are those of their rows, and unknown where the value is', () => {
  const gains = expectedGains(Float64Array.of(0.5, 0.1, 0.9), Float64Array.of(400, 100, NaN), TERMS);
  expect([...gains]).toEqual([
    expectedGain({ ...TERMS, probability: 0.5, value: 400 }),
    expectedGain({ ...TERMS, probability: 0.1, value: 100 }),
    NaN,
  ]);
});
