import koffi from 'koffi';
import type { FeatureMatrix } from '../learner.ts';

/** Some rows of a matrix as a matrix of its own, column after column. */
export interface RowSelection extends Disposable {
  readonly data: Float64Array | bigint;
}

/**
 * Gathers rows (ascending, within the matrix) of every column. The copy lies in native memory, so
 * that it is gone at once when disposed: at full scale it is most of a gigabyte, and a garbage
 * collection may be a whole training away. All rows are not copied at all.
 */
export function selectRows(matrix: FeatureMatrix, rows: Uint32Array): RowSelection {
  if (rows.length === matrix.rows) {
    return { data: matrix.data, [Symbol.dispose]: () => undefined };
  }
  const length = rows.length * matrix.columns;
  const address = koffi.alloc('double', length) as bigint;
  const memory = koffi.view(address, length * Float64Array.BYTES_PER_ELEMENT);
  gather(matrix, rows, new Float64Array(memory));
  return {
    data: address,
    [Symbol.dispose]: () => {
      koffi.free(address);
    },
  };
}

function gather(matrix: FeatureMatrix, rows: Uint32Array, target: Float64Array): void {
  for (let column = 0; column < matrix.columns; column++) {
    const from = matrix.data.subarray(column * matrix.rows, (column + 1) * matrix.rows);
    const to = target.subarray(column * rows.length, (column + 1) * rows.length);
    for (let index = 0; index < rows.length; index++) to[index] = from[rows[index] ?? 0] ?? NaN;
  }
}
