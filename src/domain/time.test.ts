import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addDays, daysBetween } from './calendar.ts';
import { isAtRisk, labelFor, rollingBoundaries, splitFor } from './time.ts';

const T = '2024-03-01';
const offset = fc.integer({ min: -200, max: 200 });

describe('labelFor', () => {
  const late = '2025-01-01';

  test.each([
    [-1, 0],
    [0, 1],
    [29, 1],
    [30, 0],
  ])('an event placed %i days after T gives label %i for 30 days', (days, label) => {
    expect(labelFor(30, T, [addDays(T, days)], late)).toBe(label);
  });

  test('any event of several counts, and none gives 0', () => {
    expect(labelFor(30, T, ['2020-01-01', addDays(T, 10), '2024-12-01'], late)).toBe(1);
    expect(labelFor(30, T, [], late)).toBe(0);
  });

  test('is known from the day on which the window is complete', () => {
    expect(labelFor(30, T, [], addDays(T, 29))).toBe(0);
    expect(labelFor(30, T, [], addDays(T, 28))).toBeNull();
  });

  test('is unknown in an open window even where an event was seen', () => {
    expect(labelFor(30, T, [T], addDays(T, 28))).toBeNull();
  });

  test('never falls with the horizon where it is known', () => {
    fc.assert(
      fc.property(
        fc.array(offset),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 90 }),
        (days, short, more) => {
          const events = days.map((day) => addDays(T, day));
          expect(labelFor(short, T, events, late)).toBeLessThanOrEqual(
            labelFor(short + more, T, events, late) as number,
          );
        },
      ),
    );
  });
});

describe('splitFor', () => {
  const boundaries = { validationFrom: '2024-04-01', testFrom: '2024-07-01' };

  test.each([
    ['2024-03-02', 30, 'train'],
    ['2024-03-03', 30, 'purged'],
    ['2024-03-31', 1, 'train'],
    ['2024-03-31', 2, 'purged'],
    ['2024-04-01', 90, 'validation'],
    ['2024-05-01', 60, 'validation'],
    ['2024-05-01', 90, 'purged'],
    ['2024-06-30', 2, 'purged'],
    ['2024-07-01', 90, 'test'],
    ['2025-07-01', 90, 'test'],
  ])('a row of %s with horizon %i is %s', (observedOn, horizon, split) => {
    expect(splitFor(observedOn, horizon, boundaries)).toBe(split);
  });

  test('keeps every label window within its split', () => {
    fc.assert(
      fc.property(offset, fc.integer({ min: 1, max: 120 }), (days, horizon) => {
        const observedOn = addDays('2024-04-01', days);
        const split = splitFor(observedOn, horizon, boundaries);
        const lastDay = addDays(observedOn, horizon - 1);
        if (split === 'train') expect(lastDay < boundaries.validationFrom).toBe(true);
        if (split === 'validation') {
          expect(observedOn >= boundaries.validationFrom && lastDay < boundaries.testFrom).toBe(true);
        }
        expect(split === 'test').toBe(observedOn >= boundaries.testFrom);
      }),
    );
  });
});

describe('rollingBoundaries', () => {
  const months = (year: number, last: number): string[] =>
    Array.from({ length: last }, (_, index) => `${year}-${String(index + 1).padStart(2, '0')}-01`);

  test('gives the newest months to test and those before to validation', () => {
    expect(rollingBoundaries(months(2024, 9), { validation: 3, test: 3 })).toEqual({
      validationFrom: '2024-04-01',
      testFrom: '2024-07-01',
    });
  });

  test('does not mind order, repeats, days within a month or missing months', () => {
    const dates = ['2024-09-17', '2024-02-29', '2024-09-01', '2024-05-31', '2024-01-02'];
    expect(rollingBoundaries(dates, { validation: 1, test: 1 })).toEqual({
      validationFrom: '2024-05-01',
      testFrom: '2024-09-01',
    });
  });

  test('refuses too few months to train on', () => {
    expect(() => rollingBoundaries(months(2024, 6), { validation: 3, test: 3 })).toThrow(
      /6 labelled months are too few/,
    );
    expect(() => rollingBoundaries([], { validation: 1, test: 1 })).toThrow(/0 labelled months/);
  });

  test('reaches back as far as the horizon needs for a month of validation to survive the purge', () => {
    const dates = [...months(2022, 12), ...months(2023, 7)];
    const settings = { validation: 3, test: 3 };
    const short = rollingBoundaries(dates, settings);
    expect(splitFor(short.validationFrom, 90, short)).toBe('purged');
    const long = rollingBoundaries(dates, { ...settings, horizonDays: 90 });
    expect(long).toEqual({ validationFrom: '2023-01-01', testFrom: '2023-05-01' });
    expect(splitFor(long.validationFrom, 90, long)).toBe('validation');
    expect(daysBetween(short.validationFrom, short.testFrom)).toBe(89);
  });

  test('refuses a horizon for which validation would take every month', () => {
    const settings = { validation: 1, test: 1, horizonDays: 365 };
    expect(() => rollingBoundaries(months(2024, 9), settings)).toThrow(/too few/);
  });
});

describe('isAtRisk', () => {
  const event = (placedDays: number, completedDays: number | null) => ({
    placed: addDays(T, placedDays),
    completed: completedDays === null ? null : addDays(T, completedDays),
  });

  test.each([
    ['no event', [], true],
    ['an open event', [event(-10, null)], false],
    ['an event completed on T', [event(-10, 0)], false],
    ['an event completed the day before T', [event(-10, -1)], true],
    ['an event placed on T', [event(0, null)], true],
    ['an event placed after T', [event(5, 9)], true],
    ['an open event placed 60 days before T', [event(-60, null)], false],
    ['an open event placed 61 days before T', [event(-61, null)], true],
    ['one open event among completed ones', [event(-50, -40), event(-1, 20), event(-30, -20)], false],
  ])('%s: %s', (_, events, expected) => {
    expect(isAtRisk(T, events, 60)).toBe(expected);
  });
});
