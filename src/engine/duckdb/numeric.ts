import {
  DuckDBBigIntVector,
  DuckDBBooleanVector,
  DuckDBDoubleVector,
  DuckDBFloatVector,
  DuckDBIntegerVector,
  DuckDBSmallIntVector,
  DuckDBTinyIntVector,
  type DuckDBResult,
  type DuckDBVector,
} from '@duckdb/node-api';
import { HoldfastError } from '../../kernel/index.ts';
import type { NumericTable } from '../engine.ts';

/**
 * Reads a streaming result of numeric columns into one column-major matrix of doubles. The memory is
 * shared, so that a learner's thread reads it without a copy.
 */
export async function readNumeric(result: DuckDBResult, rows: number): Promise<NumericTable> {
  const columns = result.columnNames();
  const data = new Float64Array(new SharedArrayBuffer(rows * columns.length * 8));
  let row = 0;
  for await (const chunk of result) {
    const count = chunk.rowCount;
    columns.forEach((name, index) => {
      const target = data.subarray(index * rows + row, index * rows + row + count);
      copyVector(chunk.getColumnVector(index), target, name);
    });
    row += count;
  }
  return { rows, columns, data };
}

function copyVector(vector: DuckDBVector, target: Float64Array, name: string): void {
  if (
    vector instanceof DuckDBDoubleVector ||
    vector instanceof DuckDBFloatVector ||
    vector instanceof DuckDBIntegerVector ||
    vector instanceof DuckDBSmallIntVector ||
    vector instanceof DuckDBTinyIntVector ||
    vector instanceof DuckDBBigIntVector ||
    vector instanceof DuckDBBooleanVector
  ) {
    for (let index = 0; index < target.length; index++) {
      const item = vector.getItem(index);
      target[index] = item === null ? Number.NaN : Number(item);
    }
    return;
  }
  throw new HoldfastError('HF401', {
    message: `column ${name} of a numeric query has type ${vector.type.toString()}`,
    hint: 'cast the column to DOUBLE in the query',
  });
}
