/** What a file is: by its first bytes where they tell, otherwise by its name. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import { unreadable, withoutRows } from './refusal.ts';

/** Kinds of tables, and the two that hold another file. */
export type FileKind = 'csv' | 'parquet' | 'json' | 'excel' | 'zip' | 'gzip';

const HEAD_BYTES = 64 * 1024;

/** Reads the first bytes of a file, fewer where it is shorter. */
export async function readHead(file: string, bytes: number = HEAD_BYTES): Promise<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.alloc(bytes);
    let length = 0;
    while (length < bytes) {
      const { bytesRead } = await handle.read(buffer, length, bytes - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

const PACKED = 'pack it as .zip, or deliver it unpacked';
const IMAGE = 'it is an image';

/** First bytes (latin-1) of files that hold no table, with what they are and what to do. */
const NO_TABLES: readonly (readonly [start: string, what: string, hint?: string])[] = [
  ['\xD0\xCF\x11\xE0', 'it is an old Excel or Office file', 'save it as .xlsx or CSV and deliver that'],
  ['%PDF-', 'it is a PDF document'],
  ['\x89PNG', IMAGE],
  ['\xFF\xD8\xFF', IMAGE],
  ['GIF8', IMAGE],
  ['II*\0', IMAGE],
  ['MM\0*', IMAGE],
  ['SQLite format 3\0', 'it is an SQLite database', 'export the table as CSV and deliver that'],
  ['{\\rtf', 'it is a text document (RTF)'],
  ['7z\xBC\xAF\x27\x1C', 'it is a 7-Zip archive', PACKED],
  ['Rar!', 'it is a RAR archive', PACKED],
  ['\xFD7zXZ', 'it is packed as .xz', PACKED],
  ['\x28\xB5\x2F\xFD', 'it is packed as .zst', PACKED],
  ['BZh', 'it is packed as .bz2', PACKED],
];

const MARKUP: readonly (readonly [RegExp, string])[] = [
  [
    /^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b/is,
    'it is an HTML page, as a website sends for an error or a sign-in',
  ],
  [/^\s*<\?xml\b/i, 'it is an XML document'],
];

/** HF202 where the first bytes are those of something else than a table, HF206 where there are none. */
export function kindOf(file: string, name: string, head: Buffer): FileKind {
  if (head.length === 0) throw withoutRows(name, 'the file is empty');
  const start = head.toString('latin1', 0, 4096);
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'zip';
  if (start.startsWith('PAR1')) return 'parquet';
  if (start.startsWith('\x1F\x8B')) return 'gzip';
  for (const [first, what, hint] of NO_TABLES)
    if (start.startsWith(first)) throw unreadable(name, what, hint);
  const named = kindByName(file);
  if (named === 'excel')
    throw unreadable(name, 'it is no Excel workbook, though its name says so', 'save it as .xlsx again');
  return named;
}

/** HF202 for text that is a page or a document, or that is no text at all. `start` is without a BOM. */
export function refuseNoText(name: string, start: string): void {
  for (const [pattern, what] of MARKUP) if (pattern.test(start)) throw unreadable(name, what);
  if (start.includes('\0')) throw unreadable(name, 'it is binary, not text');
}

/** The kind of a file by the ending of its name alone. */
export function kindByName(file: string): 'csv' | 'parquet' | 'json' | 'excel' {
  switch (path.extname(file.replace(/\.gz$/i, '')).toLowerCase()) {
    case '.parquet':
      return 'parquet';
    case '.json':
    case '.ndjson':
    case '.jsonl':
      return 'json';
    case '.xlsx':
    case '.xlsm':
      return 'excel';
    default:
      return 'csv';
  }
}
