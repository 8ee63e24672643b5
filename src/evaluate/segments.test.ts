import { describe, expect, test } from 'vitest';
import type { EvaluatedRows } from './evaluate.ts';
import { evaluateParts } from './segments.ts';

const ROWS = 300;
const rows: EvaluatedRows = {
  labels: Float32Array.from({ length: ROWS }, (_, row) => (row % 3 === 0 ? 1 : 0)),
  rawScores: Float64Array.from({ length: ROWS }, (_, row) => (row * 7) % 11),
  probabilities: new Float64Array(ROWS).fill(0.3),
  entities: Uint32Array.from({ length: ROWS }, (_, row) => row),
};
const least = { rows: 20, positives: 2 };
const options = { resamples: 10 };

describe('the parts of a segment', () => {
  test('beyond the most values are one part, counted and the last', () => {
    // Values 0 and 1 have 100 rows each, fifty others two each.
    const valueOf = (row: number): string => (row < 200 ? String(row % 2) : String(2 + (row % 50)));
    const parts = evaluateParts(rows, valueOf, { least, options, mostValues: 3 });
    expect(parts.map(({ value, rows: count }) => [value, count])).toEqual([
      ['0', 100],
      ['1', 100],
      ['2', 2],
      ['other (49 values)', 98],
    ]);
    expect(parts.map(({ values }) => values)).toEqual([undefined, undefined, undefined, 49]);
    expect(parts.reduce((sum, { rows: count }) => sum + count, 0)).toBe(ROWS);
    expect(parts.reduce((sum, { positives }) => sum + positives, 0)).toBe(100);
    expect('rows' in (parts[3]?.metrics ?? {})).toBe(true);
  });

  test('are all there, in the order of their values, where there are no more', () => {
    const parts = evaluateParts(rows, (row) => String((row % 4) * 5), { least, options, mostValues: 4 });
    expect(parts.map(({ value }) => value)).toEqual(['0', '5', '10', '15']);
  });
});
