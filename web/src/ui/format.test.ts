import { describe, expect, test } from 'vitest';
import { featureValue, instant, percent, percentAsTyped } from './format.ts';

describe('a value of a feature', () => {
  test('is never a nought because it is small', () => {
    expect(featureValue(0.0034)).toBe('0.0034');
    expect(featureValue(-0.001234, 'ms')).toBe('-0.0012 ms');
    expect(featureValue(0)).toBe('0');
  });

  test('has two decimals otherwise', () => {
    expect(featureValue(0.126)).toBe('0.13');
    expect(featureValue(1234.567, 'count')).toBe('1,234.57');
  });
});

test('an instant has its year where that is another one', () => {
  const now = new Date('2024-12-01T09:00:00Z');
  expect(instant('2024-06-10T12:05:00Z', now)).not.toContain('2024');
  expect(instant('2023-06-10T12:05:00Z', now)).toContain('2023');
});

test('a share in a list is neither nothing nor all where it is not', () => {
  expect([0, 0.004, 0.5, 0.99, 0.996, 1].map((share) => percent(share))).toEqual([
    '0 %',
    '<1 %',
    '50 %',
    '99 %',
    '>99 %',
    '100 %',
  ]);
});

test('a bound in percent is not rounded to another one', () => {
  expect(percentAsTyped(0.025)).toBe('2.5');
  expect(percentAsTyped(0.29)).toBe('29');
});
