/** Kolmogorov distance of each numeric feature to its published quantiles. */
import type { Engine } from '../../src/engine/index.ts';
import type { Figure } from './figure.ts';
import { DISTRIBUTIONS, type PublishedFacts } from './published-facts.ts';

/** Shares of training snapshots at or below each distinct published quantile. */
export interface DistributionCurve {
  readonly feature: string;
  readonly thresholds: readonly number[];
  readonly published: readonly number[];
  readonly measured: readonly number[];
  readonly distance: number;
  /** With windows that end the day before the snapshot; null where that is the same. */
  readonly ownDistance: number | null;
}

const MOST_DISTANCE = 0.05;

export async function compareDistributions(
  engine: Engine,
  facts: PublishedFacts,
): Promise<{ figures: Figure[]; curves: DistributionCurve[] }> {
  const curves: DistributionCurve[] = [];
  for (const feature of DISTRIBUTIONS)
    curves.push(await curveOf(engine, feature, facts.quantiles[feature] ?? []));
  return {
    curves,
    figures: curves.map(({ feature, distance, ownDistance }) => ({
      group: 'Distributions',
      name: `${feature}: Kolmogorov distance`,
      published: null,
      measured: distance,
      ownRules: ownDistance,
      bar: { kind: 'at most', most: MOST_DISTANCE },
      unit: 'number',
    })),
  };
}

async function curveOf(
  engine: Engine,
  feature: string,
  quantiles: readonly number[],
): Promise<DistributionCurve> {
  // Where a value fills several quantiles, its share is that of the last of them.
  const lastIndex = new Map(quantiles.map((value, index) => [value, index + 1]));
  const thresholds = [...lastIndex.keys()];
  const published = [...lastIndex.values()].map((index) => index / (quantiles.length + 1));
  const sharesOf = async (column: string): Promise<number[]> => {
    // Sorted here: one aggregate a threshold reads the table hundreds of times.
    const { data } = await engine.numeric(
      `SELECT CAST(${column} AS DOUBLE) AS value FROM snapshot WHERE split = 'train' AND ${column} IS NOT NULL`,
    );
    const sorted = data.sort();
    return thresholds.map((value) => countAtMost(sorted, value) / sorted.length);
  };
  const distanceOf = (shares: readonly number[]): number =>
    Math.max(...shares.map((share, index) => Math.abs(share - (published[index] ?? NaN))));
  const measured = await sharesOf(feature);
  const distance = distanceOf(measured);
  const ownDistance = feature.endsWith('_30d') ? distanceOf(await sharesOf(`own_${feature}`)) : null;
  return { feature, thresholds, published, measured, distance, ownDistance };
}

/** How many of the ascending values are at most this one. */
function countAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
