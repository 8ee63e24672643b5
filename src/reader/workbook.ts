/** Excel workbooks (Office Open XML): their sheets, and the rows of one as they are read from the file. */
import { TextDecoder } from 'node:util';
import { nearestWord } from '../kernel/index.ts';
import { unreadable } from './refusal.ts';
import {
  type Cell,
  cellText,
  isoText,
  meaningOf,
  type NumberMeaning,
  numberText,
  serialText,
} from './sheet-cells.ts';
import { attributeOf, type XmlHandler, xmlReader } from './xml.ts';
import type { ZipMember } from './zip.ts';

/** A row of a sheet with its 1-based number; rows without a cell are left out. */
export interface SheetRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}

export interface Workbook {
  /** Names of sheets with cells, in their order; hidden ones last. */
  readonly sheets: readonly string[];
  rows(sheet: string): AsyncGenerator<SheetRow>;
}

/** Whether the members of a zip file are those of a workbook. */
export const isWorkbook = (members: readonly ZipMember[]): boolean =>
  members.some(({ name }) => /^\/?xl\/workbook\.xml$/i.test(name));

/** Opens a workbook whose zip members are given. HF202 where it has no sheet that can be read. */
export async function openWorkbook(members: readonly ZipMember[], name: string): Promise<Workbook> {
  const byName = new Map(members.map((member) => [member.name.replace(/^\//, '').toLowerCase(), member]));
  const part = (path: string): ZipMember | undefined => byName.get(path.toLowerCase());
  const targets = new Map<string, string>();
  let stringsPath = 'xl/sharedStrings.xml';
  let stylesPath = 'xl/styles.xml';
  await readPart(part('xl/_rels/workbook.xml.rels'), (tag, attributes) => {
    if (tag !== 'Relationship') return;
    const target = attributeOf(attributes, 'Target') ?? '';
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    const type = attributeOf(attributes, 'Type') ?? '';
    if (type.endsWith('/worksheet')) targets.set(attributeOf(attributes, 'Id') ?? '', path);
    if (type.endsWith('/sharedStrings')) stringsPath = path;
    if (type.endsWith('/styles')) stylesPath = path;
  });
  const shown: [string, ZipMember][] = [];
  const hidden: [string, ZipMember][] = [];
  let is1904 = false;
  await readPart(part('xl/workbook.xml'), (tag, attributes) => {
    if (tag === 'workbookPr') is1904 = /^(?:1|true|on)$/.test(attributeOf(attributes, 'date1904') ?? '');
    if (tag !== 'sheet') return;
    // `r:id` beside `sheetId`: the local name alone tells them apart.
    const member = part(targets.get(attributeOf(attributes, 'id') ?? '') ?? '');
    const sheet = cellText(attributeOf(attributes, 'name') ?? '');
    if (member !== undefined)
      (/hidden/i.test(attributeOf(attributes, 'state') ?? '') ? hidden : shown).push([sheet, member]);
  });
  const sheets = new Map([...shown, ...hidden]);
  if (sheets.size === 0)
    throw unreadable(name, 'the workbook has no sheet with cells', 'save the workbook again');
  const meanings = await readMeanings(part(stylesPath));
  let strings: Promise<string[]> | undefined;
  return {
    sheets: [...sheets.keys()],
    async *rows(sheet) {
      const member = sheets.get(sheet);
      if (member === undefined) {
        const names = [...sheets.keys()];
        const near = nearestWord(sheet, names);
        throw unreadable(
          name,
          `it has no sheet ${JSON.stringify(sheet)}; its sheets are ${names.join(', ')}`,
          near === undefined ? 'state one of them as format.sheet' : `is it the sheet ${near}?`,
        );
      }
      strings ??= readStrings(part(stringsPath));
      yield* readRows(member, { strings: await strings, meanings, is1904 });
    },
  };
}

/** Reads a part with few tags to its end. */
async function readPart(
  member: ZipMember | undefined,
  open: (name: string, attributes: string) => void,
): Promise<void> {
  await feed(member, { open, close: () => undefined, text: () => undefined });
}

async function feed(member: ZipMember | undefined, handler: XmlHandler): Promise<void> {
  if (member === undefined) return;
  const reader = xmlReader(handler);
  for await (const piece of textOfMember(member)) reader.write(piece);
}

async function* textOfMember(member: ZipMember): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of (await member.stream()) as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(chunk[0] === 0xff ? 'utf-16le' : chunk[0] === 0xfe ? 'utf-16be' : 'utf-8');
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

/** Texts that cells name by their position: the runs of each joined, without the readings above characters. */
async function readStrings(member: ZipMember | undefined): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let isText = false;
  let isReading = false;
  await feed(member, {
    open(name) {
      if (name === 'si') current = '';
      else if (name === 'rPh') isReading = true;
      else if (name === 't') isText = !isReading;
    },
    close(name) {
      if (name === 'si') strings.push(cellText(current));
      else if (name === 'rPh') isReading = false;
      else if (name === 't') isText = false;
    },
    text(text) {
      if (isText) current += text;
    },
  });
  return strings;
}

/** What numbers stand for, by the position of the cell's style. */
async function readMeanings(member: ZipMember | undefined): Promise<NumberMeaning[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let isCellFormats = false;
  await feed(member, {
    open(name, attributes) {
      if (name === 'numFmt')
        codes.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
      else if (name === 'cellXfs') isCellFormats = true;
      else if (name === 'xf' && isCellFormats) formats.push(Number(attributeOf(attributes, 'numFmtId') ?? 0));
    },
    close(name) {
      if (name === 'cellXfs') isCellFormats = false;
    },
    text: () => undefined,
  });
  return formats.map((id) => meaningOf(id, codes.get(id)));
}

interface CellFacts {
  readonly strings: readonly string[];
  readonly meanings: readonly NumberMeaning[];
  readonly is1904: boolean;
}

/** Most columns that a sheet can have, so that a damaged reference does not fill the memory. */
const COLUMNS_AT_MOST = 16_384;

async function* readRows(member: ZipMember, facts: CellFacts): AsyncGenerator<SheetRow> {
  let ready: SheetRow[] = [];
  let row = 0;
  let cells: Cell[] = [];
  let column = -1;
  let type = '';
  let style = 0;
  let stored = '';
  let isValue = false;
  let isReading = false;
  const reader = xmlReader({
    open(name, attributes) {
      if (name === 'c') {
        const reference = attributeOf(attributes, 'r');
        column = reference === undefined ? column + 1 : columnIndex(reference);
        type = attributeOf(attributes, 't') ?? 'n';
        style = Number(attributeOf(attributes, 's') ?? 0);
        stored = '';
      } else if (name === 'v' || name === 't') isValue = !isReading;
      else if (name === 'rPh') isReading = true;
      else if (name === 'row') {
        row = Number(attributeOf(attributes, 'r') ?? row + 1);
        cells = [];
        column = -1;
      }
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'rPh') isReading = false;
      else if (name === 'c') {
        const cell = cellOf(type, stored, facts, style);
        if (cell === '' || column >= COLUMNS_AT_MOST) return;
        while (cells.length < column) cells.push('');
        cells[column] = cell;
      } else if (name === 'row' && cells.length > 0) ready.push({ row, cells });
    },
    text(text) {
      if (isValue) stored += text;
    },
  });
  for await (const piece of textOfMember(member)) {
    reader.write(piece);
    yield* ready;
    ready = [];
  }
}

/** `AB12` -> 27. */
function columnIndex(reference: string): number {
  let index = 0;
  for (const character of reference) {
    const digit = character.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    index = index * 26 + digit;
  }
  return index - 1;
}

function cellOf(type: string, stored: string, facts: CellFacts, style: number): Cell {
  if (stored === '') return '';
  switch (type) {
    case 's':
      return facts.strings[Number(stored)] ?? '';
    case 'b':
      return stored === '1' ? 'true' : 'false';
    case 'd':
      return isoText(stored);
    case 'n': {
      const meaning = facts.meanings[style] ?? 'number';
      return meaning === 'number'
        ? { number: numberText(stored) }
        : serialText(Number(stored), meaning, facts.is1904);
    }
    default:
      return cellText(stored);
  }
}
