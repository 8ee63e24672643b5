import { describe, expect, test } from 'vitest';
import { binsToShow, heatStrength, rangeText } from './bins.ts';

const bins = (...counts: number[]) =>
  counts.map((count, place) => ({ from: place / counts.length, to: (place + 1) / counts.length, count }));

describe('bins of a histogram', () => {
  test('end one after the last that holds anybody at any horizon', () => {
    expect(binsToShow([{ bins: bins(9, 1, 0, 0, 0) }, { bins: bins(5, 4, 1, 0, 0) }])).toBe(4);
  });

  test('are all shown where somebody is in the last one', () => {
    expect(binsToShow([{ bins: bins(9, 0, 0, 0, 1) }])).toBe(5);
  });

  test('are none without horizons', () => {
    expect(binsToShow([])).toBe(0);
  });

  test('say their range in percent', () => {
    expect(rangeText({ from: 0.02, to: 0.05 })).toBe('2–5 %');
    expect(rangeText({ from: 0.35, to: 0.5 })).toBe('35–50 %');
  });
});

describe('cells of the heatmap', () => {
  test('are the stronger the more they hold, and bare where nobody is', () => {
    expect(heatStrength(0, 100)).toBe(0);
    expect(heatStrength(100, 100)).toBe(1);
    expect(heatStrength(10, 100)).toBeGreaterThan(heatStrength(5, 100));
    expect(heatStrength(0, 0)).toBe(0);
  });
});
