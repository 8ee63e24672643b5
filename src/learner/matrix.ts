import { HoldfastError } from '../kernel/index.ts';
import type { FeatureMatrix } from './learner.ts';

/**
 * An all-zero matrix in memory that the learner's thread reads without a copy. A matrix in ordinary
 * memory works as well, and is copied once a call.
 */
export function sharedMatrix(rows: number, columns: number): FeatureMatrix {
  const data = new Float64Array(new SharedArrayBuffer(rows * columns * Float64Array.BYTES_PER_ELEMENT));
  return { rows, columns, data };
}

/**
 * Checks that a matrix holds what its shape says, and `columns` columns where that is given.
 *
 * @throws HF504 naming the shapes.
 */
export function checkMatrix(matrix: FeatureMatrix, columns?: number): void {
  if (columns !== undefined && matrix.columns !== columns) {
    throw new HoldfastError('HF504', {
      message: `the model was trained on ${columns} features and got a matrix of ${matrix.columns}`,
      hint: 'score with the features of the feature contract the model was trained with, in its order',
    });
  }
  if (matrix.data.length !== matrix.rows * matrix.columns) {
    throw new HoldfastError('HF504', {
      message:
        `a matrix of ${matrix.rows} rows and ${matrix.columns} columns ` +
        `cannot have ${matrix.data.length} values`,
      hint: 'pass rows * columns values, column after column',
    });
  }
}

type NumberArray = Float64Array | Float32Array | Uint32Array;

/** The same numbers in shared memory: the array itself where it lies there already, else a copy. */
export function toShared<T extends NumberArray>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const constructor = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new constructor(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
