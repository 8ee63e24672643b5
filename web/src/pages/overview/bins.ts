/** Bins and bands of probability. */
import { percent } from '../../ui/format.ts';

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * How many bins from the lowest hold everybody, the same for all histograms so that they can be compared: one more than
 * the last that holds somebody, so that the end can be seen.
 */
export function binsToShow(histograms: readonly { readonly bins: readonly Bin[] }[]): number {
  const lasts = histograms.map(({ bins }) => bins.findLastIndex(({ count }) => count > 0));
  const most = Math.max(0, ...histograms.map(({ bins }) => bins.length));
  return Math.min(most, Math.max(0, ...lasts) + 2);
}

/** `2–5 %`. */
export const rangeText = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${percentNumber(from)}–${percent(to)}`;

const percentNumber = (value: number): string => String(Number((value * 100).toFixed(1)));

/** How strongly a cell is coloured, 0 to 1: by orders of magnitude, since counts differ by these. */
export const heatStrength = (count: number, highest: number): number =>
  count <= 0 || highest <= 0 ? 0 : Math.log1p(count) / Math.log1p(highest);
