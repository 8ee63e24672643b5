/**
 * Zip files, read from their directory at the end (APPNOTE 4.3), so that a member of any size is streamed and
 * the others are never looked at.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { unreadable } from './refusal.ts';

export interface ZipMember {
  readonly name: string;
  /** Size when unpacked. */
  readonly bytes: number;
  /** Its unpacked content. HF202 where it is damaged, encrypted or packed in a way that is not known. */
  stream(): Promise<Readable>;
}

const END_BYTES = 22;
const LONGEST_COMMENT_BYTES = 65_535;
const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const ENTRY = 0x02014b50;
const BEYOND_32_BITS = 0xffffffff;
const CUT = 'deliver the whole file again';

/** The files in a zip file, in its order. HF202 where it is cut or damaged. */
export async function zipMembers(file: string, name: string): Promise<ZipMember[]> {
  const handle = await open(file);
  try {
    const directory = await readDirectory(handle, name);
    const members: ZipMember[] = [];
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === ENTRY;) {
      const nameLength = directory.readUInt16LE(at + 28);
      const extraLength = directory.readUInt16LE(at + 30);
      const memberName = nameText(directory.subarray(at + 46, at + 46 + nameLength));
      if (!memberName.endsWith('/'))
        members.push(
          memberAt(file, name, memberName, directory.subarray(at, at + 46 + nameLength + extraLength)),
        );
      at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
    }
    return members;
  } catch (cause) {
    if (cause instanceof RangeError) throw unreadable(name, 'the zip file is damaged', CUT);
    throw cause;
  } finally {
    await handle.close();
  }
}

async function readDirectory(handle: FileHandle, name: string): Promise<Buffer> {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - END_BYTES - LONGEST_COMMENT_BYTES), size);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw unreadable(name, 'the zip file is cut short', CUT);
  let length = tail.readUInt32LE(end + 12);
  let offset = tail.readUInt32LE(end + 16);
  if (end >= 20 && tail.readUInt32LE(end - 20) === LOCATOR_64) {
    const at = Number(tail.readBigUInt64LE(end - 12));
    const record = await readAt(handle, at, at + 56);
    if (record.readUInt32LE(0) !== END_OF_DIRECTORY_64)
      throw unreadable(name, 'the zip file is damaged', CUT);
    length = Number(record.readBigUInt64LE(40));
    offset = Number(record.readBigUInt64LE(48));
  }
  if (offset + length > size) throw unreadable(name, 'the zip file is cut short', CUT);
  return readAt(handle, offset, offset + length);
}

async function readAt(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.alloc(to - from);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

/** Names are UTF-8 by a flag that many programs forget, or an older page of which ASCII is a part. */
const nameText = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  return text.includes('\uFFFD') ? bytes.toString('latin1') : text;
};

function memberAt(file: string, zipName: string, name: string, entry: Buffer): ZipMember {
  const flags = entry.readUInt16LE(8);
  const method = entry.readUInt16LE(10);
  let packed = entry.readUInt32LE(20);
  let bytes = entry.readUInt32LE(24);
  let offset = entry.readUInt32LE(42);
  const wide = wideFields(entry.subarray(46 + entry.readUInt16LE(28)));
  const next = (value: number): number => (value === BEYOND_32_BITS ? Number(wide.shift() ?? value) : value);
  bytes = next(bytes);
  packed = next(packed);
  offset = next(offset);
  return {
    name,
    bytes,
    async stream() {
      if ((flags & 1) !== 0)
        throw unreadable(zipName, `${name} in it is encrypted`, 'deliver it without a password');
      if (method !== 0 && method !== 8)
        throw unreadable(
          zipName,
          `${name} in it is packed by method ${String(method)}`,
          'pack it as an ordinary zip file',
        );
      const handle = await open(file);
      let start: number;
      try {
        const local = await readAt(handle, offset, offset + 30);
        if (local.length < 30) throw unreadable(zipName, 'the zip file is cut short', CUT);
        start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
      } finally {
        await handle.close();
      }
      const whole = wholeOnly(zipName, name, bytes);
      if (packed === 0) return whole.end();
      const raw = createReadStream(file, { start, end: start + packed - 1 });
      if (method === 0) return raw.on('error', (error) => whole.destroy(error)).pipe(whole);
      const unpacked = createInflateRaw();
      raw.on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
      unpacked.on('error', () => whole.destroy(unreadable(zipName, `${name} in it is damaged`, CUT)));
      whole.on('close', () => raw.destroy());
      return unpacked.pipe(whole);
    },
  };
}

/** The 64-bit values of the extra field 1, in the order of the fields that need them. */
function wideFields(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const values: bigint[] = [];
      for (let value = at + 4; value + 8 <= Math.min(at + 4 + length, extra.length); value += 8)
        values.push(extra.readBigUInt64LE(value));
      return values;
    }
    at += 4 + length;
  }
  return [];
}

/** Passes bytes on and fails where they are not as many as the directory says: cut short, or a bomb. */
function wholeOnly(zipName: string, name: string, bytes: number): Transform {
  let seen = 0;
  const damaged = (): Error => unreadable(zipName, `${name} in it is damaged`, CUT);
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      seen += chunk.length;
      if (seen > bytes) done(damaged());
      else done(null, chunk);
    },
    flush(done: TransformCallback) {
      if (seen === bytes) done();
      else done(damaged());
    },
  });
}
