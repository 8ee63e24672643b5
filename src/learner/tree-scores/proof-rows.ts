import type { LightGbmModel } from '../lightgbm/index.ts';

const PROOF_ROWS = 32;

/** Rows at the very thresholds of a model and beside them, some values missing: where two ways could part. */
export function proofRows({ features, trees }: LightGbmModel): Float64Array[] {
  const rows = Array.from({ length: PROOF_ROWS }, (_, row) =>
    new Float64Array(features).fill(row === 0 ? Number.NaN : row === 1 ? 0 : row),
  );
  trees.forEach(({ splitFeature, threshold }, tree) => {
    splitFeature.forEach((feature, node) => {
      const row = rows[2 + ((tree + node) % (PROOF_ROWS - 2))] as Float64Array;
      const value = threshold[node] as number;
      row[feature] = [value, value + 1, value - 1, Number.NaN][tree % 4] as number;
    });
  });
  return rows;
}
