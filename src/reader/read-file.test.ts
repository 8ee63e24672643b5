import { Buffer } from 'node:buffer';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openDuckDb, type Row, textOf } from '../engine/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { openFile, sniffFormat } from './index.ts';

let engine: Engine;
let folder: string;
let temporary: string;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-reader-'));
  temporary = path.join(folder, 'temporary');
  await mkdir(temporary);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Content = string | Uint8Array;

async function fileOf(name: string, content: Content): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

/** What is found out about a file, and its rows read by that. */
async function read(
  name: string,
  content: Content,
  stated: SourceFormat = {},
): Promise<{ format: SourceFormat; notes: readonly string[]; columns: readonly string[]; rows: Row[] }> {
  const file = await fileOf(name, content);
  const found = await sniffFormat(engine, file, { temporary, name, stated });
  await using opened = await openFile(engine, file, found.format, { temporary, name });
  expect(opened.columns.map((column) => column.name)).toEqual(found.columns);
  return { ...found, rows: await engine.rows(`SELECT * FROM ${opened.from}`) };
}

async function refusal(name: string, content: Content, stated: SourceFormat = {}): Promise<unknown> {
  const file = await fileOf(name, content);
  return sniffFormat(engine, file, { temporary, name, stated }).then(
    () => 'taken',
    (error: unknown) => {
      const { code, message, hint, place } = error as Record<string, unknown>;
      return { code, message, hint, place };
    },
  );
}

const body = (delimiter: string): string =>
  Array.from({ length: 20 }, (_, index) =>
    [`K${String(index)}`, `${String(index)}.5`, 'a text'].join(delimiter),
  ).join('\n');

describe('CSV', () => {
  test.each([',', ';', '\t', '|'])('finds the delimiter %j', async (delimiter) => {
    const { format, rows } = await read(
      'a.csv',
      `${['id', 'amount', 'note'].join(delimiter)}\n${body(delimiter)}\n`,
    );
    expect(format).toEqual({ kind: 'csv', delimiter });
    expect(rows).toHaveLength(20);
    expect(rows[3]).toEqual({ id: 'K3', amount: '3.5', note: 'a text' });
  });

  test('reads quotes, and delimiters, quotes and line breaks inside them, with CRLF', async () => {
    const { format, rows } = await read(
      'a.csv',
      'id;note\r\n1;"a;b"\r\n2;"he said ""no"""\r\n3;"two\nlines"\r\n',
    );
    expect(format).toEqual({ kind: 'csv', delimiter: ';' });
    expect(rows.map(({ note }) => note)).toEqual(['a;b', 'he said "no"', 'two\nlines']);
  });

  test('reads quotes behind a backslash, and single quotes', async () => {
    expect((await read('a.csv', 'id,note\n1,"a \\"b\\", c"\n2,"d"\n')).rows[0]).toEqual({
      id: '1',
      note: 'a "b", c',
    });
    const single = await read('b.csv', "'id','note'\n'1','x, y'\n");
    expect(single.format).toEqual({ kind: 'csv', delimiter: ',', quote: "'" });
    expect(single.rows).toEqual([{ id: '1', note: 'x, y' }]);
  });

  test('passes over a BOM and says so', async () => {
    const { format, notes, columns } = await read('a.csv', '\uFEFFid,b\n1,2\n');
    expect({ format, notes, columns }).toEqual({
      format: { kind: 'csv', delimiter: ',' },
      notes: ['has a BOM'],
      columns: ['id', 'b'],
    });
  });

  test.each([
    ['latin-1', Buffer.from('id;Größe\n1;Müller \x80\n', 'latin1'), 'Müller €'],
    ['utf-16', Buffer.from('\uFEFFid;Größe\r\n1;Müller\r\n', 'utf16le'), 'Müller'],
    ['utf-16', Buffer.from('id;Größe\n1;Müller\n', 'utf16le'), 'Müller'],
    ['utf-16be', Buffer.from('\uFEFFid;Größe\n1;Müller\n', 'utf16le').swap16(), 'Müller'],
  ] as const)('finds the encoding %s', async (encoding, content, value) => {
    const { format, notes, rows } = await read('a.csv', content);
    expect(format).toEqual({ kind: 'csv', delimiter: ';', encoding });
    expect(notes).toEqual([`its encoding is ${encoding}`]);
    expect(rows).toEqual([{ id: '1', Größe: value }]);
  });

  test('finds an umlaut that is not UTF-8 far behind the first megabyte', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `${String(index)};ü`).join('\n');
    const { format } = await read(
      'a.csv',
      Buffer.concat([Buffer.from(`id;b\n${rows}\n`), Buffer.from('1;\xFC\n', 'latin1')]),
    );
    expect(format.encoding).toBe('latin-1');
    expect((await read('b.csv', `id;b\n${rows}\n`)).format.encoding).toBeUndefined();
  });

  test.each([
    ['lines of text', `Report, of all\nMade on 1.1.2024\nid;amount;note\n${body(';')}\n`],
    ['an empty line', `Report\n\nid;amount;note\n${body(';')}\n`],
    ['cells', `Report;;\nDate;1.1.2024;\nid;amount;note\n${body(';')}\n`],
  ])('finds the header in line 3 below %s', async (_, content) => {
    const { format, notes, rows } = await read('a.csv', content);
    expect(format).toEqual({ kind: 'csv', delimiter: ';', header_line: 3 });
    expect(notes).toEqual(['the header is in line 3']);
    expect(rows).toHaveLength(20);
  });

  test('cleans names, gives one to columns without, and says both', async () => {
    const { columns, notes, rows } = await read('a.csv', ' id ;Net  amount;"Two\nlines";\n1;2;3;4\n');
    expect(columns).toEqual(['id', 'Net amount', 'Two lines', 'column_4']);
    expect(notes).toEqual([
      'a column without a name is called column_4',
      'blanks around names and doubled inside them are left out in the header',
    ]);
    expect(rows).toEqual([{ id: '1', 'Net amount': '2', 'Two lines': '3', column_4: '4' }]);
  });

  test('takes years and an index without a name for the header that they are', async () => {
    expect((await read('a.csv', 'id,2023,2024\nA,x,y\n')).columns).toEqual(['id', '2023', '2024']);
    expect((await read('b.csv', ',name,city\n0,Anna,Rome\n')).columns).toEqual(['column_1', 'name', 'city']);
  });

  test('reads a single column, with decimal commas too', async () => {
    expect((await read('a.csv', 'note\nhello, you\nno\nyes\n')).rows).toHaveLength(3);
    expect((await read('b.csv', 'amount\n0,5\n1,5\n')).format).toMatchObject({ decimal: ',' });
  });

  test('reads rows that end with a delimiter which the header lacks, mixed line ends, and lone \\r', async () => {
    expect((await read('a.csv', 'a;b\n1;2;\n3;4;\n')).rows).toEqual([
      { a: '1', b: '2' },
      { a: '3', b: '4' },
    ]);
    expect((await read('b.csv', 'a;b\r\n1;2\n3;4\r\n')).rows).toHaveLength(2);
    expect((await read('c.csv', 'a;b\r1;2\r3;4\r')).rows).toHaveLength(2);
  });

  test('keeps rows with too few or too many fields apart, with their line', async () => {
    const file = await fileOf('a.csv', 'Title\n\nid,a,b\n1,2,3\n1,2\n1,2,3,4\n5,6,7\n');
    const { format } = await sniffFormat(engine, file, { temporary });
    await using opened = await openFile(engine, file, format, { temporary });
    expect(await engine.rows(`SELECT count(*) AS n FROM ${opened.fromKeeping('some_rejects')}`)).toEqual([
      { n: 2 },
    ]);
    const rejected = await engine.rows(
      `SELECT line, reason FROM (${engine.rejectedRows('some_rejects')}) ORDER BY line`,
    );
    expect(rejected.map(({ line }) => Number(line))).toEqual([5, 6]);
    expect(textOf(rejected[0]?.['reason'])).toMatch(/^MISSING COLUMNS/);
    expect(textOf(rejected[1]?.['reason'])).toMatch(/^TOO MANY COLUMNS/);
  });

  test('reads 10,000 columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `c${String(index)}`);
    const line = names.map((_, index) => String(index)).join(',');
    const { columns, rows } = await read('a.csv', `${names.join(',')}\n${line}\n${line}\n`);
    expect(columns).toHaveLength(10_000);
    expect(rows[1]?.['c9999']).toBe('9999');
  });

  test('keeps what is stated', async () => {
    const { format, rows } = await read('a.csv', 'x,y\nid|b;c\n1|2,5\n', { delimiter: '|', header_line: 2 });
    expect(format).toMatchObject({ delimiter: '|', header_line: 2 });
    expect(rows).toEqual([{ id: '1', 'b;c': '2,5' }]);
  });
});

describe('packed files and JSON', () => {
  test('reads the only table in a zip file, and the only CSV file beside others', async () => {
    const zip = zipSync({
      'readme.pdf': strToU8('%PDF'),
      '__MACOSX/._a.csv': strToU8('x'),
      'data/a.csv': Buffer.from('id;ö\n1;ü\n', 'latin1'),
      'b.json': strToU8('[]'),
    });
    const { format, notes, rows } = await read('a.zip', zip);
    expect(format).toEqual({ kind: 'csv', delimiter: ';', encoding: 'latin-1' });
    expect(notes).toEqual(['read data/a.csv in the zip file', 'its encoding is latin-1']);
    expect(rows).toEqual([{ id: '1', ö: 'ü' }]);
  });

  test('reads the stated member, one that is stored unpacked, a zip file under another name, and gzip', async () => {
    const zip = zipSync({ 'a.csv': strToU8('id;b\n1;2\n'), 'b.csv': [strToU8('id,c\n3,4\n'), { level: 0 }] });
    expect((await read('export.dat', zip, { member: 'b.csv' })).rows).toEqual([{ id: '3', c: '4' }]);
    expect((await read('a.csv.gz', gzipSync('id,b\n1,2\n'))).rows).toEqual([{ id: '1', b: '2' }]);
  });

  test('reads a list of objects and one object a line, with their types', async () => {
    const list = await read('a.json', '\uFEFF[{"id":1,"b":"x"},{"id":2.5,"c":true}]');
    expect(list.format).toEqual({ kind: 'json' });
    expect(list.rows).toEqual([
      { id: 1, b: 'x', c: null },
      { id: 2.5, b: null, c: true },
    ]);
    expect((await read('a.ndjson', '{"id":"A"}\n{"id":"B"}\n')).rows).toEqual([{ id: 'A' }, { id: 'B' }]);
  });

  test('leaves nothing in the temporary folder', async () => {
    expect(await readdir(temporary)).toEqual([]);
  });
});

const EXPECTED =
  'expected CSV text with a header line, Parquet, JSON, an Excel workbook (.xlsx), or a zip file with one of them';
const NO_MORE = 'deliver the file again';

describe('what is no table is refused', () => {
  test.each<[string, Content, string, string]>([
    [
      'a.csv',
      '<!DOCTYPE html>\n<html><body>a, b</body></html>',
      'it is an HTML page, as a website sends for an error or a sign-in',
      EXPECTED,
    ],
    ['a.csv', '<?xml version="1.0"?><a/>', 'it is an XML document', EXPECTED],
    ['a.csv', Buffer.from('89504e470d0a1a0a00000000', 'hex'), 'it is an image', EXPECTED],
    ['a.csv', Buffer.from([7, 0, 0, 200, 3, 0, 0, 0, 9]), 'it is binary, not text', EXPECTED],
    ['a.csv', '%PDF-1.7', 'it is a PDF document', EXPECTED],
    [
      'a.xls',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'it is an old Excel or Office file',
      'save it as .xlsx or CSV and deliver that',
    ],
    ['a.xlsx', 'a,b\n1,2\n', 'it is no Excel workbook, though its name says so', 'save it as .xlsx again'],
    [
      'a.csv',
      '1,2\n3,4\n',
      'line 1 holds values where the column names should be',
      'put a line with the names of the columns above the rows, or state header_line',
    ],
    ['a.json', '[1, 2]', 'it is no list of objects', 'expected a list of objects, or one object a line'],
    [
      'a.json',
      '{"rows":[{"a":1},{"a":2}]}',
      'it is one object whose rows are below rows',
      'expected a list of objects, or one object a line',
    ],
    [
      'a.zip',
      zipSync({ 'x.csv': strToU8('a,b\n1,2\n'), 'y.csv': strToU8('a') }),
      'the zip file has several tables: x.csv, y.csv',
      'state the one to read as format.member, or pack one file alone',
    ],
    [
      'a.zip',
      zipSync({ 'x.pdf': strToU8('a'), 'y.doc': strToU8('a') }),
      'the zip file has no table in it, but x.pdf, y.doc',
      'state the one to read as format.member, or pack one file alone',
    ],
    [
      'a.zip',
      zipSync({ 'x.csv': strToU8('a,b\n1,2\n') }).slice(0, 40),
      'the zip file is cut short',
      'deliver the whole file again',
    ],
    [
      'a.csv.gz',
      gzipSync('a,b\n1,2\n').subarray(0, 20),
      'it is damaged or cut short',
      'deliver the whole file again',
    ],
  ])('%s: %#', async (name, content, message, hint) => {
    expect(await refusal(name, content)).toEqual({
      code: 'HF202',
      message: `the file cannot be read: ${message}`,
      hint,
      place: { file: name },
    });
  });

  test('a zip member whose bytes are damaged', async () => {
    const zip = zipSync({ 'x.csv': strToU8(`a,b\n${'1,2\n3,4\n5,7\n'.repeat(50)}`) });
    zip.fill(255, 38, 50);
    expect(await refusal('a.zip', zip)).toMatchObject({
      code: 'HF202',
      message: 'the file cannot be read: x.csv in it is damaged',
    });
  });

  test('columns of the same name, whatever their case', async () => {
    expect(await refusal('a.csv', 'Title\nID,b,id,b\n1,2,3,4\n')).toEqual({
      code: 'HF202',
      message: 'several columns have the same name: ID and id, b',
      hint: 'give every column a name of its own; upper and lower case count as the same',
      place: { file: 'a.csv', line: 2 },
    });
  });

  test.each<[string, string]>([
    ['', 'the file is empty'],
    ['\n\n', 'the file has no line with text'],
    ['a,b\n', 'the file has a header but no rows'],
  ])('a file without rows: %j', async (content, message) => {
    expect(await refusal('a.csv', content)).toEqual({
      code: 'HF206',
      message,
      hint: NO_MORE,
      place: { file: 'a.csv' },
    });
  });

  test('UTF-16 and another encoding where the format says nothing of them', async () => {
    const utf16 = await fileOf('a.csv', Buffer.from('\uFEFFid\n1\n', 'utf16le'));
    await expect(openFile(engine, utf16, {}, { temporary, name: 'a.csv' })).rejects.toMatchObject({
      code: 'HF202',
      message: 'the file cannot be read: it is UTF-16 text',
      hint: expect.stringContaining('format: { encoding: utf-16 }') as string,
    });
    const latin = await fileOf('b.csv', Buffer.from('größe\n1\n', 'latin1'));
    await expect(openFile(engine, latin, {}, { temporary, name: 'b.csv' })).rejects.toMatchObject({
      code: 'HF202',
      message: 'the file cannot be read: its header is not UTF-8 text',
      hint: expect.stringContaining('encoding: latin-1') as string,
    });
  });

  test('a member or kind that the format states and the file is not', async () => {
    expect(
      await refusal('a.zip', zipSync({ 'x.csv': strToU8('a\n1\n') }), { member: 'y.csv' }),
    ).toMatchObject({
      message: 'the file cannot be read: the zip file has no member y.csv; it has x.csv',
      hint: 'is it the member x.csv?',
    });
    expect(await refusal('a.csv', 'a,b\n1,2\n', { kind: 'excel' })).toMatchObject({
      message: 'the file cannot be read: format.kind says excel, and it is csv',
    });
  });
});
