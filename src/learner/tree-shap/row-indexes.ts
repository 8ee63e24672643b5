import { HoldfastError } from '../../kernel/index.ts';
import type { FeatureMatrix } from '../learner.ts';

/** @throws HF207 naming a row that the matrix does not have. */
export function checkRows(rows: Uint32Array, matrix: FeatureMatrix): void {
  const outside = rows.find((row) => row >= matrix.rows);
  if (outside === undefined) return;
  throw new HoldfastError('HF207', {
    message: `row ${outside} is asked for in a matrix of ${matrix.rows} rows`,
    hint: 'pass row indexes within the matrix',
  });
}
