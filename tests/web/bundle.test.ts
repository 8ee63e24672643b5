/** What the dashboard costs on the line. */
import { describe, expect, test } from 'vitest';
import { readBundle } from './bundle.ts';

describe('the built dashboard', () => {
  const { entry, pages, charts, styles } = readBundle();

  test('begins with at most 150 KB of scripts', () => {
    expect(entry).toBeLessThanOrEqual(150);
  });

  test('has six pages, each of at most 60 KB beside the charts', () => {
    expect(Object.keys(pages).sort()).toEqual([
      'customer',
      'data',
      'overview',
      'performance',
      'queue',
      'what-if',
    ]);
    expect(Object.entries(pages).filter(([, size]) => size > 60)).toEqual([]);
  });

  test('draws charts by at most 140 KB, which pages share', () => {
    expect(charts).toBeGreaterThan(0);
    expect(charts).toBeLessThanOrEqual(140);
  });

  test('has at most 20 KB of styles', () => {
    expect(styles).toBeLessThanOrEqual(20);
  });
});
