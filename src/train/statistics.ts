import type { FeatureMatrix } from '../learner/index.ts';
import { type FeatureEncoding, STORED_QUANTILES, type TrainingStatistics } from '../model/index.ts';

/** Quantiles are taken from at most so many evenly spaced rows: exact enough for ranges and drift. */
const SAMPLE_ROWS = 100_000;

/**
 * Missing share of each feature over the given rows, with the quantiles of numbers, or the shares of
 * categories among the values that are there.
 */
export function featureStatistics(
  matrix: FeatureMatrix,
  encoding: FeatureEncoding,
  rows: Uint32Array,
): TrainingStatistics['features'] {
  const step = Math.max(1, Math.ceil(rows.length / SAMPLE_ROWS));
  return Object.fromEntries(
    encoding.features.map(({ name, type, categories }, index) => {
      const from = index * matrix.rows;
      const sample: number[] = [];
      const counts = categories.map(() => 0);
      let missing = 0;
      for (let position = 0; position < rows.length; position++) {
        const value = matrix.data[from + (rows[position] as number)] as number;
        if (Number.isNaN(value)) missing++;
        else if (type === 'categorical') counts[value] = (counts[value] ?? 0) + 1;
        else if (position % step === 0) sample.push(value);
      }
      const missingShare = rows.length === 0 ? 0 : missing / rows.length;
      if (type === 'categorical') {
        const known = Math.max(1, rows.length - missing);
        return [name, { missingShare, quantiles: [], shares: counts.map((count) => count / known) }];
      }
      const sorted = Float64Array.from(sample).sort();
      const quantiles = sorted.length === 0 ? [] : STORED_QUANTILES.map((share) => quantile(sorted, share));
      return [name, { missingShare, quantiles }];
    }),
  );
}

/** The smallest value that at least the given share of the sorted values does not exceed. */
function quantile(sorted: Float64Array, share: number): number {
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[index] as number;
}
