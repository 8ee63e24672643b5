import koffi from 'koffi';
import type { FeatureMatrix } from '../learner.ts';
import type { CategoryCodes } from './categories.ts';

/** Rows as XGBoost reads them: float32, row after row, in native memory. */
export interface RowBlock extends Disposable {
  readonly rows: number;
  readonly columns: number;
  /** NumPy's description of the memory, as the library takes it. */
  readonly description: string;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const FLOAT_MOST = 3.4028234663852886e38;

/**
 * Copies rows of a matrix: those of `rows`, or `count` ones from row `from`. The library computes in
 * float32 and refuses infinities, which become the largest float; categories that are not in `known`
 * become missing.
 */
export function rowBlock(
  matrix: FeatureMatrix,
  rows: Uint32Array | { readonly from: number; readonly count: number },
  known: ReadonlyMap<number, CategoryCodes>,
): RowBlock {
  const isSpan = !(rows instanceof Uint32Array);
  const length = isSpan ? rows.count : rows.length;
  const { columns } = matrix;
  const values = length * columns;
  // Native memory, which does not move and is gone at once when disposed.
  const address = koffi.alloc('float', Math.max(values, 1)) as bigint;
  const target = new Float32Array(koffi.view(address, Math.max(values, 1) * FLOAT_BYTES));
  for (let column = 0; column < columns; column++) {
    const from = matrix.data.subarray(column * matrix.rows, (column + 1) * matrix.rows);
    const codes = known.get(column);
    for (let place = 0; place < length; place++) {
      const value = from[isSpan ? rows.from + place : (rows[place] as number)] as number;
      target[place * columns + column] = codes === undefined ? finite(value) : codes.has(value) ? value : NaN;
    }
  }
  return {
    rows: length,
    columns,
    description: describe(address, [length, columns]),
    [Symbol.dispose]: () => {
      koffi.free(address);
    },
  };
}

const finite = (value: number): number =>
  value > FLOAT_MOST ? FLOAT_MOST : value < -FLOAT_MOST ? -FLOAT_MOST : value;

/** NumPy's array interface (version 3) of float32 values at an address. */
export function describe(address: bigint, shape: readonly number[]): string {
  return `{"data":[${String(address)},true],"shape":[${shape.join(',')}],"typestr":"<f4","version":3}`;
}
