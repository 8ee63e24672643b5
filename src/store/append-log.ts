import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';

/** An append-only log in a file, one JSON line a record. */
export interface AppendLog<T> {
  /** The record is on disk when this is done. */
  append(record: T): Promise<void>;
  /** All records, oldest first; a line that a crash cut short is left out. HF108 for a line that no crash leaves. */
  read(): Promise<T[]>;
}

/** Opens a log; the file (with this mode, less the umask) and its folder appear with the first record. */
export function openAppendLog<T>(
  file: string,
  { mode = 0o666 }: { readonly mode?: number } = {},
): AppendLog<T> {
  return {
    append: (record) => appendLine(file, JSON.stringify(record), mode),
    async read() {
      const text = await readFile(file, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
        throw error;
      });
      const records: T[] = [];
      for (const [index, line] of text.split('\n').entries()) {
        if (line === '') continue;
        try {
          records.push(JSON.parse(line) as T);
        } catch (cause) {
          // Cut short by a crash: what it tells of never ended. A record begins and ends with a brace.
          if (line.startsWith('{') && !line.endsWith('}')) continue;
          throw new HoldfastError('HF108', {
            message: 'the line is damaged',
            hint: 'restore the file from a backup; lines are only ever added to it',
            place: { file, line: index + 1 },
            cause,
          });
        }
      }
      return records;
    },
  };
}

/** Appends a line to a file, which appears with it and its folder; it is on disk when this is done. */
export async function appendLine(file: string, line: string, mode = 0o666): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a+', mode);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // A line that a crash cut short must not take the next record with it.
    const start = size > 0 && last.toString() !== '\n' ? '\n' : '';
    await handle.write(`${start}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
