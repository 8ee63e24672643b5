/** Encodings: which one a file has, and how it becomes UTF-8. */
import { isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import type { SourceFormat } from '../pack/index.ts';
import { readHead } from './file-kind.ts';

export type Encoding = NonNullable<SourceFormat['encoding']>;

/** Labels of the encoding standard where they differ from ours. */
const LABELS: Partial<Record<Encoding, string>> = {
  'utf-16': 'utf-16le',
  'latin-1': 'windows-1252',
};

/** A decoder of an encoding; it leaves out a BOM. */
export function decoderOf(encoding: Encoding): TextDecoder {
  return new TextDecoder(LABELS[encoding] ?? encoding);
}

/** The encoding that the first bytes state by a BOM. */
export function encodingByMark(head: Buffer): Encoding | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

const SAMPLE_BYTES = 4096;

/** UTF-16 without a BOM shows in Latin text: every other byte is zero. */
export function encodingByZeros(head: Buffer): Encoding | undefined {
  const zeros = [0, 0] as [number, number];
  const length = Math.min(head.length, SAMPLE_BYTES) & ~1;
  for (let index = 0; index < length; index += 1) if (head[index] === 0) zeros[(index & 1) as 0 | 1] += 1;
  const half = length / 2;
  if (zeros[1] > 0.4 * half && zeros[0] < 0.05 * half) return 'utf-16';
  if (zeros[0] > 0.4 * half && zeros[1] < 0.05 * half) return 'utf-16be';
  return undefined;
}

/** The encoding of a file: as its BOM or its zeros say, UTF-8 where all of it is, otherwise Latin-1. */
export async function findEncoding(file: string): Promise<Encoding> {
  const head = await readHead(file);
  const stated = encodingByMark(head) ?? encodingByZeros(head);
  if (stated !== undefined) return stated;
  return (await isUtf8File(file)) ? 'utf-8' : 'latin-1';
}

async function isUtf8File(file: string): Promise<boolean> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = lastStart(bytes);
    if (!isUtf8(bytes.subarray(0, end))) return false;
    rest = bytes.subarray(end);
  }
  return isUtf8(rest);
}

/** Where the last character begins, of which the rest may still come. */
function lastStart(bytes: Buffer): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}

/** Writes a file again as UTF-8 without a BOM. */
export async function toUtf8(from: string, encoding: Encoding, to: string): Promise<void> {
  const decoder = decoderOf(encoding);
  await pipeline(
    createReadStream(from, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
      yield decoder.decode();
    },
    createWriteStream(to),
  );
}

/** Writes a file whose line ends are mixed again with `\n` alone; every other byte stays as it is. */
export async function withUnixLines(from: string, to: string): Promise<void> {
  await pipeline(
    createReadStream(from, { highWaterMark: 1 << 20 }),
    async function* (chunks: AsyncIterable<Buffer>) {
      // A \r at the end of a chunk may have its \n in the next one.
      let held = '';
      for await (const chunk of chunks) {
        const text = held + chunk.toString('latin1');
        held = text.endsWith('\r') ? '\r' : '';
        yield unixLines(held === '' ? text : text.slice(0, -1));
      }
      yield unixLines(held);
    },
    createWriteStream(to),
  );
}

const unixLines = (text: string): Buffer => Buffer.from(text.replaceAll(/\r\n?/g, '\n'), 'latin1');
