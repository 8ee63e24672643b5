/** What comes of contacting the highest part of the ranking. */
import type { Performance } from '../../../../src/desk/contract.ts';

type Horizon = Performance['horizons'][number];
type Economics = Performance['economics'];

export interface CapacityFigures {
  readonly share: number;
  readonly contacted: number;
  readonly found: number;
  readonly missed: number;
  /** Contacted though they would have stayed. */
  readonly inVain: number;
  /** Left alone, and stayed. */
  readonly leftAlone: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly cost: number;
  /** Null where nobody's worth is known. */
  readonly gain: number | null;
}

/**
 * At a share of the rows from the highest score down, between two points of the curve in proportion. A contact costs
 * the same whatever comes of it, a share of those contacted accepts and is paid for, and a leaver who accepts stays for
 * the mean value: `acceptance (found x value - contacted x offer) - contacted x contact`.
 */
export function capacityFigures(
  { rows, positives, curve }: Pick<Horizon, 'rows' | 'positives' | 'curve'>,
  economics: Economics,
  share: number,
): CapacityFigures {
  const contacted = Math.round(share * rows);
  const found = Math.min(contacted, Math.round(recallAt(curve, share) * positives));
  const { acceptance, contact_cost, offer_cost, mean_value } = economics;
  const cost = contacted * (contact_cost + acceptance * offer_cost);
  return {
    share,
    contacted,
    found,
    missed: positives - found,
    inVain: contacted - found,
    leftAlone: rows - positives - (contacted - found),
    precision: contacted === 0 ? null : found / contacted,
    recall: positives === 0 ? null : found / positives,
    cost,
    gain: mean_value === null ? null : acceptance * found * mean_value - cost,
  };
}

function recallAt(curve: Horizon['curve'], share: number): number {
  let before = { share: 0, recall: 0 };
  for (const point of curve) {
    if (point.share >= share) {
      const width = point.share - before.share;
      const part = width <= 0 ? 1 : (share - before.share) / width;
      return before.recall + part * (point.recall - before.recall);
    }
    before = point;
  }
  return 1;
}

/** Figures at every whole percent from 0 to 100. */
export const capacityCurve = (horizon: Horizon, economics: Economics): CapacityFigures[] =>
  Array.from({ length: 101 }, (_, percent) => capacityFigures(horizon, economics, percent / 100));

/** Where the expected gain is highest; undefined where it is not known. */
export function bestCapacity(curve: readonly CapacityFigures[]): CapacityFigures | undefined {
  let best: CapacityFigures | undefined;
  for (const figures of curve)
    if (figures.gain !== null && figures.gain > (best?.gain ?? Number.NEGATIVE_INFINITY)) best = figures;
  return best;
}
