import type { FeatureMatrix } from '../learner/index.ts';
import type { FeatureEncoding, TrainingStatistics } from '../model/index.ts';

const QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;
/** Quantiles are taken from at most so many evenly spaced rows: exact enough for ranges and drift. */
const SAMPLE_ROWS = 100_000;

/** Missing share and quantiles of each feature over the given rows; categories have no quantiles. */
export function featureStatistics(
  matrix: FeatureMatrix,
  encoding: FeatureEncoding,
  rows: Uint32Array,
): TrainingStatistics['features'] {
  const step = Math.max(1, Math.ceil(rows.length / SAMPLE_ROWS));
  return Object.fromEntries(
    encoding.features.map(({ name, type }, index) => {
      const from = index * matrix.rows;
      const sample: number[] = [];
      let missing = 0;
      for (let position = 0; position < rows.length; position++) {
        const value = matrix.data[from + (rows[position] as number)] as number;
        if (Number.isNaN(value)) missing++;
        else if (type === 'numeric' && position % step === 0) sample.push(value);
      }
      const sorted = Float64Array.from(sample).sort();
      const quantiles = sorted.length === 0 ? [] : QUANTILES.map((share) => quantile(sorted, share));
      return [name, { missingShare: rows.length === 0 ? 0 : missing / rows.length, quantiles }];
    }),
  );
}

/** The smallest value that at least the given share of the sorted values does not exceed. */
function quantile(sorted: Float64Array, share: number): number {
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[index] as number;
}
