import { expect, test } from 'vitest';
import { scoreAge } from './score-age.ts';

const ageAt = (now: string, dates = ['2024-12-01', '2024-11-01'], horizons = [30, 60, 90]) =>
  scoreAge({ score_dates: dates, horizons }, Date.parse(now));

test.each([
  ['2024-12-01T09:00:00Z', 0, false],
  ['2025-01-20T09:00:00Z', 50, false],
  ['2025-03-01T23:59:59Z', 90, false],
  ['2025-03-02T00:00:00Z', 91, true],
  ['2026-11-22T09:00:00Z', 721, true],
])('at %s scores are %i days old', (now, days, isOld) => {
  expect(ageAt(now)).toEqual({ date: '2024-12-01', days, horizon: 90, isOld });
});

test('the longest horizon decides, and scores of tomorrow are not old', () => {
  expect(ageAt('2025-01-01T00:00:00Z', ['2024-12-01'], [30]).isOld).toBe(true);
  expect(ageAt('2024-11-30T09:00:00Z').isOld).toBe(false);
});

test('before the first scoring nothing is old', () => {
  expect(ageAt('2026-11-22T09:00:00Z', [])).toEqual({ date: null, days: 0, horizon: 90, isOld: false });
});
