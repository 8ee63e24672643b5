import { describe, expect, test } from 'vitest';
import { deadlineOf } from './words.ts';

const FACTS = { score_dates: ['2024-12-01'], horizons: [30, 60, 90] };
const at = (now: string, status: 'due' | 'snoozed' = 'due') =>
  deadlineOf({ contact_by: '2024-12-08T00:00:00.000Z', work: { status } }, FACTS, Date.parse(now));

describe('a deadline', () => {
  test.each([
    ['2024-12-03T00:00:00Z', 'In 5 days', false],
    ['2024-12-06T12:00:00Z', 'In 1 day', false],
    ['2024-12-08T01:00:00Z', 'Late since today', true],
    ['2024-12-09T01:00:00Z', '1 day late', true],
    ['2025-03-01T12:00:00Z', '83 days late', true],
  ])('is said from %s on as %s', (now, text, isOverdue) => {
    expect(at(now)).toEqual({ text, isDate: false, isOverdue });
  });

  test('of scores that are older than they look ahead is a date, as is one that is not due', () => {
    const date = { text: '8 Dec 2024', isDate: true, isOverdue: false };
    expect(at('2025-03-02T00:00:00Z')).toEqual(date);
    expect(at('2026-11-22T00:00:00Z')).toEqual(date);
    expect(at('2024-12-03T00:00:00Z', 'snoozed')).toEqual(date);
  });

  test('that there is none of is nothing', () => {
    expect(deadlineOf({ contact_by: null, work: { status: 'due' } }, FACTS)).toBe(null);
  });
});
