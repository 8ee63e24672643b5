import type { DuckDBAppender, DuckDBResult, DuckDBType, DuckDBValue, DuckDBVector } from '@duckdb/node-api';
import { HoldfastError } from '../../kernel/index.ts';
import type { NumericTable } from '../engine.ts';
import { driver } from './driver.ts';

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

/** Vectors that hold numbers or booleans. */
const numericVectors = () => {
  const duckDb = driver();
  return [
    duckDb.DuckDBDoubleVector,
    duckDb.DuckDBFloatVector,
    duckDb.DuckDBIntegerVector,
    duckDb.DuckDBSmallIntVector,
    duckDb.DuckDBTinyIntVector,
    duckDb.DuckDBBigIntVector,
    duckDb.DuckDBBooleanVector,
  ] as const;
};

function copyVector(vector: DuckDBVector, target: Float64Array, name: string): void {
  if (numericVectors().some((kind) => vector instanceof kind)) {
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

const CHUNK_ROWS = 2048;

/** Appends a running index from 0 and the columns, NaN as NULL, chunk by chunk. */
export function appendNumeric(appender: DuckDBAppender, columns: readonly ArrayLike<number>[]): void {
  appendChunks(appender, driver().DOUBLE, columns, (value) => (Number.isNaN(value) ? null : value));
}

/** Appends a running index from 0 and the columns, chunk by chunk. */
export function appendTexts(
  appender: DuckDBAppender,
  columns: readonly (readonly (string | null)[])[],
): void {
  appendChunks(appender, driver().VARCHAR, columns, (value) => value);
}

function appendChunks<T>(
  appender: DuckDBAppender,
  type: DuckDBType,
  columns: readonly ArrayLike<T>[],
  toValue: (value: T) => DuckDBValue,
): void {
  const rows = columns[0]?.length ?? 0;
  const { BIGINT, DuckDBDataChunk } = driver();
  const types = [BIGINT, ...columns.map(() => type)];
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const count = Math.min(CHUNK_ROWS, rows - start);
    const indexes = Array.from({ length: count }, (_, offset) => BigInt(start + offset));
    const values = columns.map((column) =>
      Array.from({ length: count }, (_, offset) => toValue(column[start + offset] as T)),
    );
    const chunk = DuckDBDataChunk.create(types, count);
    chunk.setColumns([indexes, ...values]);
    appender.appendDataChunk(chunk);
  }
}
