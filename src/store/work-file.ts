/** The record of work in a file, `state/work.jsonl`: lines are only ever added, by one process at a time. */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';
import { syncFolder } from './daily-files.ts';
import { reasonOf } from './outage.ts';
import { notKept, type WorkLine, type WorkLines } from './work-lines.ts';
import { openWriterLock } from './writer-lock.ts';

/** The file in the state folder. */
export const workFile = (stateFolder: string): string => path.join(stateFolder, 'work.jsonl');

/** What was read up to now. */
interface Position {
  /** Number of the next line. */
  readonly sequence: number;
  /** 1-based line of the file that the next one stands on, at least. */
  readonly line: number;
  /** Behind the last whole line. */
  readonly offset: number;
  /** Of the file when it was read or written. Another size: somebody else, or half a line, was there. */
  readonly size: number;
  /** Whether it ends with the end of a line: what is added begins with one otherwise. */
  readonly isEnded: boolean;
}

const START: Position = { sequence: 1, line: 1, offset: 0, size: 0, isEnded: true };

/** Opens the record. Its file appears with the first line, and so does the lock of whoever writes. */
export function openWorkFile(stateFolder: string): WorkLines {
  const file = workFile(stateFolder);
  const lock = openWriterLock(path.join(stateFolder, 'work.lock'));
  let known = START;

  async function requireLock(): Promise<void> {
    const owner = await lock.hold().catch((cause: unknown) => {
      throw cannotWrite(file, cause);
    });
    if (owner === null) return;
    throw notKept(
      `process ${String(owner.process)} on ${owner.machine || 'another machine'} records work in ${file}`,
      'one process alone can write to the file: set postgres.url for several servers',
    );
  }

  async function append(line: WorkLine): Promise<'taken' | 'conflict'> {
    await requireLock();
    const text = `${JSON.stringify(line)}\n`;
    try {
      await mkdir(stateFolder, { recursive: true });
      await using handle = await open(file, 'a+', 0o600);
      const { size } = await handle.stat();
      if (size !== known.size || line.sequence !== known.sequence) return 'conflict';
      // A line that a crash cut short must not take the next one with it.
      const start = known.isEnded ? '' : '\n';
      // Whatever happens from here on, the file is not what was read.
      known = { ...known, size: -1 };
      await handle.appendFile(`${start}${text}`);
      await handle.sync();
      if (size === 0) await syncFolder(stateFolder);
      const end = size + Buffer.byteLength(start) + Buffer.byteLength(text);
      const lines = known.line + (start === '' ? 1 : 2);
      known = { sequence: line.sequence + 1, line: lines, offset: end, size: end, isEnded: true };
      return 'taken';
    } catch (cause) {
      throw cannotWrite(file, cause);
    }
  }

  async function readFrom(sequence: number): Promise<WorkLine[]> {
    const from = sequence === known.sequence ? known : START;
    const bytes = await readBehind(file, from.offset);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const texts = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
    // A last line without its end may be all there: whoever wrote it was killed before it could say so.
    const rest = bytes.subarray(end).toString('utf8');
    const hasWholeRest = parsed(rest) !== undefined;
    const lines = linesOf(hasWholeRest ? [...texts, rest] : texts, from, file);
    known = {
      sequence: from.sequence + lines.length,
      line: from.line + texts.length,
      offset: from.offset + (hasWholeRest ? bytes.length : end),
      size: from.offset + bytes.length,
      isEnded: bytes.length === 0 ? from.isEnded : rest === '',
    };
    return lines.filter((line) => line.sequence >= sequence);
  }

  return {
    append,
    readFrom,
    [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
  };
}

/**
 * Lines of the file. One that a crash cut short is left out: it never was acknowledged, and its number is that of the
 * next. HF108 for what no crash leaves.
 */
function linesOf(texts: readonly string[], from: Position, file: string): WorkLine[] {
  const lines: WorkLine[] = [];
  /** Index of one that cannot be read and whose number has not come again. */
  let unread: number | undefined;
  for (const [index, text] of texts.entries()) {
    if (text === '') continue;
    const line = parsed(text);
    if (line !== undefined && line.sequence !== from.sequence + lines.length)
      throw damaged(file, from.line + (unread ?? index));
    if (line !== undefined) lines.push(line);
    else if (!text.startsWith('{')) throw damaged(file, from.line + index);
    unread = line === undefined ? index : undefined;
  }
  if (unread !== undefined && texts[unread]?.endsWith('}') === true) throw damaged(file, from.line + unread);
  return lines;
}

const damaged = (file: string, line: number): HoldfastError =>
  new HoldfastError('HF108', {
    message: 'the line is damaged, or lines before it are missing',
    hint: 'restore the file from a backup; lines are only ever added to it',
    place: { file, line },
  });

function parsed(text: string): WorkLine | undefined {
  try {
    return JSON.parse(text) as WorkLine;
  } catch {
    return undefined;
  }
}

async function readBehind(file: string, offset: number): Promise<Buffer> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    // Shorter than before: it was put back from a backup, or taken away.
    if (size < offset) throw notKept(`${file} has become shorter`, 'restart the servers that read it');
    const bytes = Buffer.alloc(size - offset);
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read, bytes.length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && offset === 0) return Buffer.alloc(0);
    throw notKept(
      `${file} cannot be read: ${reasonOf(error)}`,
      'see that the server may read its state folder',
      error,
    );
  }
}

const cannotWrite = (file: string, cause: unknown): HoldfastError =>
  notKept(
    `${file} cannot be written: ${reasonOf(cause)}`,
    'see that the disk of the state folder has room and that the server may write to it, then try again',
    cause,
  );
