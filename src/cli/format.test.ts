import { describe, expect, it } from 'vitest';
import {
  counted,
  formatBytes,
  formatCell,
  formatCount,
  formatDuration,
  formatTable,
  jsonValue,
  snakeKeys,
} from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [42.4, '42 s'],
    [187, '3:07 min'],
    [7510, '2:05:10 h'],
  ])('%f seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [13_000_000, '13 MB'],
    [3.25e9, '3.3 GB'],
  ])('%d bytes', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('counts', () => {
  it('are short in progress lines', () => {
    expect([950, 1250, 45_000, 2_600_000, 83_185_050].map(formatCount)).toEqual([
      '950',
      '1.3k',
      '45k',
      '2.6M',
      '83M',
    ]);
  });

  it('agree with their noun', () => {
    expect([counted(1, 'row'), counted(0, 'row'), counted(12345, 'row')]).toEqual([
      '1 row',
      '0 rows',
      '12,345 rows',
    ]);
  });
});

describe('formatTable', () => {
  it('aligns numbers to the right, groups digits and shows a missing value as a dash', () => {
    const text = formatTable(
      ['name', 'rows'],
      [
        ['calls', 12_345n],
        ['cease', null],
        ['usage', 7],
      ],
    );
    expect(text.split('\n')).toEqual(['name     rows', 'calls  12,345', 'cease       —', 'usage       7']);
  });

  it('shows a head without rows', () => {
    expect(formatTable(['a', 'b'], [])).toBe('a  b');
  });

  it('shows structures as JSON', () => {
    expect(formatCell({ a: [1n] })).toBe('{"a":[1]}');
  });
});

describe('documents for programs', () => {
  it('hold big integers as numbers where that is exact and as text where not', () => {
    expect(JSON.stringify({ small: 5n, big: 2n ** 60n }, jsonValue)).toBe(
      '{"small":5,"big":"1152921504606846976"}',
    );
  });

  it('spell keys in snake_case and leave names alone', () => {
    expect(
      snakeKeys({
        runId: 1,
        areaUnderRoc: [{ notAtRisk: 2 }],
        'tiers.thresholds.RED': 3,
        RED: 4,
        'gold.x': 5,
      }),
    ).toEqual({
      run_id: 1,
      area_under_roc: [{ not_at_risk: 2 }],
      'tiers.thresholds.RED': 3,
      RED: 4,
      'gold.x': 5,
    });
  });
});
