import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { addDays, addMonths, daysBetween, firstOfMonth, formatDate, parseDate } from './calendar.ts';

const DAY_MILLISECONDS = 86_400_000;
const dayNumber = fc.integer({ min: parseDate('0001-01-01'), max: parseDate('9999-12-31') });

describe('dates and day numbers', () => {
  test('agree with the calendar of the language for any day, and come back', () => {
    fc.assert(
      fc.property(dayNumber, (days) => {
        const date = formatDate(days);
        expect(date).toBe(new Date(days * DAY_MILLISECONDS).toISOString().slice(0, 10));
        expect(parseDate(date)).toBe(days);
      }),
      { numRuns: 2000 },
    );
  });

  test('follow each other without a gap through leap years and century ends', () => {
    for (const start of ['1899-12-25', '1999-12-25', '2023-12-25', '2099-12-25']) {
      for (let step = 0; step < 800; step += 1) {
        expect(daysBetween(start, addDays(start, step))).toBe(step);
      }
    }
  });

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '0000-01-01',
    '2024-1-1',
    '20240101',
    '2024-01-01T00:00:00Z',
    ' 2024-01-01',
    '2024-01-01\n',
    '+12024-01-01',
    '',
    'yesterday',
  ])('%j is refused as a date', (text) => {
    expect(() => parseDate(text)).toThrow(expect.objectContaining({ code: 'HF103' }) as Error);
  });

  test.each([1.5, NaN, Infinity, parseDate('9999-12-31') + 1, parseDate('0001-01-01') - 1])(
    'day number %d is refused',
    (days) => {
      expect(() => formatDate(days)).toThrow(/day number/);
    },
  );
});

describe('months', () => {
  test.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-03-31', -1, '2024-02-29'],
    ['2024-03-15', 0, '2024-03-15'],
    ['2024-11-30', 3, '2025-02-28'],
    ['2024-01-15', -13, '2022-12-15'],
    ['2024-05-31', 12, '2025-05-31'],
  ])('%s and %i months make %s', (date, months, expected) => {
    expect(addMonths(date, months)).toBe(expected);
  });

  test('begin on their first day', () => {
    expect(firstOfMonth('2024-02-29')).toBe('2024-02-01');
    expect(firstOfMonth('2024-02-01')).toBe('2024-02-01');
  });

  test('outside the calendar, or not whole, are refused', () => {
    expect(() => addMonths('9999-12-01', 1)).toThrow(/months after/);
    expect(() => addMonths('0001-01-01', -1)).toThrow(/months after/);
    expect(() => addMonths('2024-01-01', 0.5)).toThrow(/months after/);
  });
});
