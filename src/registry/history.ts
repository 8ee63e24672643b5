/**
 * The history of the registry on disk: one JSON line an event, only ever appended, in `models/history.jsonl`.
 *
 * A line is written in one call, so that a killed process leaves all of it or a torn line that readers skip. Two
 * writers that read the same state append two events of the same number: the first line stands, the writer of the
 * second one finds the other's in its place and looks again. No lock can be left behind by a process that died.
 *
 * A line begins with its length and the SHA-256 of what follows. So a line that was cut short can be told from one
 * that was changed, also where it is the last one, to which no later event holds.
 */
import { hash as hashAtOnce } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, HoldfastError } from '../kernel/index.ts';
import { appendLine } from '../store/index.ts';
import { CHANGE_KINDS, type RegistryEvent } from './state.ts';

export interface History {
  /** The events that stand, oldest first. HF503 where one is missing in between, or the end is damaged. */
  read(): Promise<readonly RegistryEvent[]>;
  /** Appends an event; false where another one has its number already. */
  append(event: RegistryEvent): Promise<boolean>;
  /** What is wrong with the history although it can be read, in words; null where nothing is. */
  fault(): Promise<string | null>;
}

/** What was read of the file. */
interface Reading {
  readonly bytes: Buffer;
  readonly lines: number;
  readonly events: readonly RegistryEvent[];
  /** Numbers of lines that no killed process can have left so. */
  readonly damaged: readonly number[];
}

const EMPTY: Reading = { bytes: Buffer.alloc(0), lines: 0, events: [], damaged: [] };
const LINE_END = 0x0a;

export function openHistory(models: string): History {
  const file = path.join(models, 'history.jsonl');
  let whole = EMPTY;
  const refuse = (what: string): HoldfastError =>
    new HoldfastError('HF503', {
      message: `the history of the models is damaged: ${what}`,
      hint: 'restore the file from a backup',
      place: { file },
    });

  const look = async (): Promise<Reading> => {
    const bytes = await bytesOf(file);
    if (bytes.length === 0 && (await hasDecisions(models)))
      throw refuse('it is empty or missing, although there are files of decisions beside it');
    // A file that begins with what was read before has grown by lines: those alone are new.
    const isGrown = bytes.subarray(0, whole.bytes.length).equals(whole.bytes);
    whole = readOn(isGrown ? whole : EMPTY, bytes.subarray(0, bytes.lastIndexOf(LINE_END) + 1), refuse);
    // What follows the last line's end may still be being written: it is read anew each time.
    const reading = readOn(whole, bytes, refuse);
    if (reading.lines > 0 && reading.damaged.at(-1) === reading.lines)
      throw refuse(`its last line, ${String(reading.lines)}, is not what was written`);
    return reading;
  };
  return {
    read: async () => (await look()).events,
    async append(event) {
      await appendLine(file, lineOf(event));
      return (await look()).events[event.number - 1]?.id === event.id;
    },
    async fault() {
      const { events, damaged } = await look();
      const [line] = damaged;
      if (line !== undefined) return `line ${String(line)} is not what was written`;
      const broken = firstBrokenLink(events);
      return broken === undefined ? null : `event ${String(broken)} is not the one that was written`;
    },
  };
}

/** What the event after this one holds of it. */
export const linkTo = (event: RegistryEvent | undefined): string | null =>
  event === undefined ? null : hashOf(event);

/** Number of the first event that is not the one its successor was written after; undefined where all are. */
export function firstBrokenLink(events: readonly RegistryEvent[]): number | undefined {
  const broken = events.findIndex(({ previous }, index) => previous !== linkTo(events[index - 1]));
  return broken < 0 ? undefined : Math.max(broken, 1);
}

/** Whether anything was ever judged or deleted here: a training that is killed before its first event leaves neither. */
async function hasDecisions(models: string): Promise<boolean> {
  const entriesOf = (folder: string): Promise<string[]> => readdir(path.join(models, folder)).catch(() => []);
  const sets = await entriesOf('sets');
  return (await entriesOf('evidence')).length > 0 || sets.some((entry) => entry.endsWith('.removed'));
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}

/** Reads on to the end of `bytes`, which begin with those of `before`. */
function readOn(before: Reading, bytes: Buffer, refuse: (what: string) => HoldfastError): Reading {
  if (bytes.length === before.bytes.length) return before;
  const events = [...before.events];
  const damaged = [...before.damaged];
  const lines = bytes.toString('utf8', before.bytes.length).split('\n');
  // The text after the last line's end is empty.
  if (lines.at(-1) === '') lines.pop();
  lines.forEach((line, index) => {
    const event = eventOf(line);
    if (event === 'damaged') damaged.push(before.lines + index + 1);
    if (typeof event === 'string') return;
    // A change that this version does not know must not be taken for none.
    if (!CHANGE_KINDS.has(event.kind))
      throw refuse(`event ${String(event.number)} is of a kind that only another version of Holdfast knows`);
    if (event.number === events.length + 1) events.push(event);
    else if (!(event.number <= events.length))
      throw refuse(`event ${String(events.length + 1)} is missing before ${String(event.number)}`);
  });
  return { bytes, lines: before.lines + lines.length, events, damaged };
}

/** Quicker than an object for each of many thousand short texts. */
const hashText = (text: string): string => hashAtOnce('sha256', text);

const HEAD = /^\{"length":(\d+),"hash":"([0-9a-f]{64})",/;
const HEAD_START = '{"length":';
/** Longer than any head. */
const HEAD_MOST = 100;

/** An event as its line, without the end of it. */
export function lineOf(event: RegistryEvent): string {
  const body = JSON.stringify(event);
  const rest = `,"hash":"${hashText(body)}",${body.slice(1)}`;
  // The length counts its own digits.
  let length = HEAD_START.length + rest.length;
  while (length !== HEAD_START.length + String(length).length + rest.length)
    length = HEAD_START.length + String(length).length + rest.length;
  return `${HEAD_START}${String(length)}${rest}`;
}

/** The event of a line; `torn` where its end is missing, as a killed process leaves it. */
function eventOf(line: string): RegistryEvent | 'torn' | 'damaged' {
  const [head = '', length, hash] = HEAD.exec(line) ?? [];
  if (head === '')
    return line.length < HEAD_MOST && HEAD_START.startsWith(line.slice(0, HEAD_START.length))
      ? 'torn'
      : 'damaged';
  if (line.length < Number(length)) return 'torn';
  const body = `{${line.slice(head.length)}`;
  if (line.length > Number(length) || hashText(body) !== hash) return 'damaged';
  return JSON.parse(body) as RegistryEvent;
}
