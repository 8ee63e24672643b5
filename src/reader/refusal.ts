import { HoldfastError } from '../kernel/index.ts';

const EXPECTED =
  'expected CSV text with a header line, Parquet, JSON, an Excel workbook (.xlsx), or a zip file with one of them';

/** HF202: a file that is no table, or not the one that was said. */
export function unreadable(name: string, message: string, hint: string = EXPECTED): HoldfastError {
  return new HoldfastError('HF202', {
    message: `the file cannot be read: ${message}`,
    hint,
    place: { file: name },
  });
}

/** HF206: a file with nothing in it. */
export function withoutRows(name: string, message: string): HoldfastError {
  return new HoldfastError('HF206', { message, hint: 'deliver the file again', place: { file: name } });
}
