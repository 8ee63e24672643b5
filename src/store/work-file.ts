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

/** A few thousand lines: others wait for no more of them to be read. */
const PIECE_BYTES = 1_000_000;

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
    const taker = lineTaker(from, file);
    let lines = 0;
    let end = 0;
    let rest: Buffer = Buffer.alloc(0);
    // Piece by piece, others get their turn between two.
    for await (const piece of piecesBehind(file, from.offset)) {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      const whole = bytes.lastIndexOf(0x0a) + 1;
      const texts = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
      for (const text of texts) taker.take(text);
      lines += texts.length;
      end += whole;
      rest = bytes.subarray(whole);
    }
    // A last line without its end may be all there: whoever wrote it was killed before it could say so.
    const last = rest.toString('utf8');
    const hasWholeRest = parsed(last) !== undefined;
    if (hasWholeRest) taker.take(last);
    const taken = taker.end();
    const bytesRead = end + rest.length;
    known = {
      sequence: from.sequence + taken.length,
      line: from.line + lines,
      offset: from.offset + (hasWholeRest ? bytesRead : end),
      size: from.offset + bytesRead,
      isEnded: bytesRead === 0 ? from.isEnded : rest.length === 0,
    };
    return taken.filter((line) => line.sequence >= sequence);
  }

  return {
    append,
    readFrom,
    [Symbol.asyncDispose]: () => lock[Symbol.asyncDispose](),
  };
}

/**
 * Takes lines of the file in their order. One that a crash cut short is left out: it never was acknowledged, and its
 * number is that of the next. Both throw HF108 for what no crash leaves.
 */
function lineTaker(from: Position, file: string): { take(text: string): void; end(): WorkLine[] } {
  const lines: WorkLine[] = [];
  let place = from.line - 1;
  /** One that cannot be read and whose number has not come again. */
  let unread: { readonly place: number; readonly text: string } | undefined;
  return {
    take(text) {
      place += 1;
      if (text === '') return;
      const line = parsed(text);
      if (line !== undefined && line.sequence !== from.sequence + lines.length)
        throw damaged(file, unread?.place ?? place);
      if (line !== undefined) lines.push(line);
      else if (!text.startsWith('{')) throw damaged(file, place);
      unread = line === undefined ? { place, text } : undefined;
    },
    end() {
      if (unread?.text.endsWith('}') === true) throw damaged(file, unread.place);
      return lines;
    },
  };
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

/** What the file has behind this place now, in pieces; nothing where it is not there. */
async function* piecesBehind(file: string, offset: number): AsyncGenerator<Buffer> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    // Shorter than before: it was put back from a backup, or taken away.
    if (size < offset) throw notKept(`${file} has become shorter`, 'restart the servers that read it');
    for (let place = offset; place < size;) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - place));
      const { bytesRead } = await handle.read(piece, 0, piece.length, place);
      if (bytesRead === 0) return;
      place += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    if (error instanceof HoldfastError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isMissing && offset === 0) return;
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
