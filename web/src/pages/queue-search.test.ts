import { describe, expect, test } from 'vitest';
import { readQueueSearch } from './queue-search.ts';

describe('the address of the queue', () => {
  test('is read the same from what the router has of it', () => {
    const search = readQueueSearch({
      tier: ['RED', 'AMBER'],
      overdue: 'true',
      offset: '50',
      'segment.a': 'b',
    });
    expect(search).toEqual({ tier: ['RED', 'AMBER'], overdue: true, offset: 50, 'segment.a': ['b'] });
    expect(readQueueSearch({ ...search })).toEqual(search);
  });

  test('has nothing that is not its own, and no place that is none', () => {
    expect(
      readQueueSearch({ utm_source: 'mail', offset: '-3', at: '1.5', overdue: 'maybe', density: 'x' }),
    ).toEqual({});
  });
});
