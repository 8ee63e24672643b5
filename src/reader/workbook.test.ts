import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openDuckDb, type Row } from '../engine/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { openFile, sniffFormat } from './index.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 2 });
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-workbook-'));
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Cell formats by position: 0 general, 1 built-in date, 2 own date, 3 percent, 4 time, 5 own elapsed hours. */
const STYLES = `<x:styleSheet xmlns:x="m"><x:numFmts><x:numFmt numFmtId="164" formatCode="[$-407]d. mmm yyyy;@"/>
  <x:numFmt formatCode="[h]:mm" numFmtId="165"/></x:numFmts><x:cellStyleXfs><x:xf numFmtId="14"/></x:cellStyleXfs>
  <x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf numFmtId="164"/><x:xf numFmtId="10"/><x:xf numFmtId="20"/>
  <x:xf numFmtId="165"/></x:cellXfs></x:styleSheet>`;
const STRINGS = `<sst><si><t>id</t></si><si><r><t>Net </t></r><r><t xml:space="preserve"> amount</t></r>
  <rPh sb="0"><t>no</t></rPh></si><si><t>a &lt;b&gt; &amp; &#228;, "c"</t></si><si><t>x_x000D_y</t></si></sst>`;
const CONTENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook of sheets whose rows are given as XML. */
function workbookOf(
  sheets: readonly { name: string; rows: string; state?: string }[],
  properties = '',
): Uint8Array {
  const entries = sheets.map(({ name, state }, index) => {
    const hidden = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${name}" sheetId="${String(index + 7)}"${hidden} r:id="r${String(index)}"/>`;
  });
  const relations = sheets.map(
    (_, index) =>
      `<Relationship Id="r${String(index)}" Type="${CONTENT}/worksheet" Target="${index === 0 ? '/xl/' : ''}sheets/s${String(index)}.xml"/>`,
  );
  return zipSync({
    '[Content_Types].xml': strToU8('<Types/>'),
    'xl/workbook.xml': strToU8(
      `<?xml version="1.0"?><!-- > --><workbook><workbookPr ${properties}/><sheets>${entries.join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `<Relationships>${relations.join('')}<Relationship Id="a" Type="${CONTENT}/styles" Target="styles.xml"/>
       <Relationship Id="b" Type="${CONTENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    ),
    'xl/styles.xml': strToU8(STYLES),
    'xl/sharedStrings.xml': strToU8(STRINGS),
    ...Object.fromEntries(
      sheets.map(({ rows }, index) => [
        `xl/sheets/s${String(index)}.xml`,
        strToU8(`<worksheet><sheetData>${rows}</sheetData></worksheet>`),
      ]),
    ),
  });
}

const inline = (text: string): string => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const rowOf = (number: number, ...cells: readonly (string | number)[]): string =>
  `<row r="${String(number)}">${cells.map((cell) => (typeof cell === 'number' ? `<c><v>${String(cell)}</v></c>` : inline(cell))).join('')}</row>`;

async function read(
  content: Uint8Array,
  stated: SourceFormat = {},
): Promise<{ format: SourceFormat; notes: readonly string[]; rows: Row[] }> {
  const file = path.join(folder, 'a.xlsx');
  await writeFile(file, content);
  const found = await sniffFormat(engine, file, { temporary: folder, stated });
  await using opened = await openFile(engine, file, found.format, { temporary: folder });
  return { ...found, rows: await engine.rows(`SELECT * FROM ${opened.from}`) };
}

describe('an Excel workbook', () => {
  test('gives texts, numbers, dates, times and truth as a person sees them', async () => {
    const sheet = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>${inline('day')}${inline('own')}
      ${inline('share')}${inline('time')}${inline('hours')}${inline('yes')}${inline('sum')}${inline('bad')}${inline('moment')}</row>
      <row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>4.0</v></c><c r="C2" s="1"><v>45322</v></c><c r="D2" s="2"><v>59</v></c>
      <c r="E2" s="3"><v>0.30000000000000004</v></c><c r="F2" s="4"><v>0.35416666666666669</v></c><c r="G2" s="5"><v>1.25</v></c>
      <c r="H2" t="b"><v>1</v></c><c r="I2" t="str"><f>A1&amp;"x"</f><v>idx</v></c><c r="J2" t="e"><v>#N/A</v></c>
      <c r="K2" s="1"><v>45351.54521990741</v></c></row>
      <row r="4"><c r="A4" t="s"><v>3</v></c><c r="C4" t="d"><v>2024-02-29T00:00:00</v></c><c r="K4"/></row>`;
    const { format, rows } = await read(workbookOf([{ name: 'One', rows: sheet }]));
    expect(format).toEqual({ kind: 'excel' });
    expect(rows).toEqual([
      {
        id: 'a <b> & ä, "c"',
        'Net amount': '4',
        day: '2024-01-31',
        own: '1900-02-28',
        share: '0.3',
        time: '08:30:00',
        hours: '1.25',
        yes: 'true',
        sum: 'idx',
        bad: '#N/A',
        moment: '2024-02-29 13:05:07',
      },
      {
        id: 'x\ry',
        'Net amount': null,
        day: '2024-02-29',
        own: null,
        share: null,
        time: null,
        hours: null,
        yes: null,
        sum: null,
        bad: null,
        moment: null,
      },
    ]);
  });

  test('is read from the first sheet with a table, below its titles, and hidden sheets come last', async () => {
    const content = workbookOf([
      { name: 'Hidden', state: 'hidden', rows: rowOf(1, 'x', 'y') + rowOf(2, 1, 2) },
      { name: 'Cover', rows: rowOf(2, 'Report of March') },
      {
        name: 'A &amp; B',
        rows: rowOf(1, 'Customers') + rowOf(3, 'id', 'name') + rowOf(4, 1, 'Anna') + rowOf(6, 2, 'Bo'),
      },
    ]);
    const { format, notes, rows } = await read(content);
    expect(format).toEqual({ kind: 'excel', header_line: 3 });
    expect(notes).toEqual(['the header is in row 3', '3 sheets: took A & B, the first with a table']);
    expect(rows).toEqual([
      { id: '1', name: 'Anna' },
      { id: '2', name: 'Bo' },
    ]);
    expect((await read(content, { sheet: 'Hidden' })).rows).toEqual([{ x: '1', y: '2' }]);
    await expect(read(content, { sheet: 'hidden' })).rejects.toMatchObject({
      code: 'HF202',
      message: 'the file cannot be read: it has no sheet "hidden"; its sheets are Cover, A & B, Hidden',
      hint: 'is it the sheet Hidden?',
    });
  });

  test('counts days from 1904 where it says so', async () => {
    const sheet = `${rowOf(1, 'id', 'day')}<row r="2">${inline('A')}<c s="1"><v>43860</v></c></row>`;
    const { rows } = await read(workbookOf([{ name: 'One', rows: sheet }], 'date1904="1"'));
    expect(rows).toEqual([{ id: 'A', day: '2024-01-31' }]);
  });

  test('may hold numbers as texts of a country, which its true numbers then join', async () => {
    const sheet = rowOf(1, 'id', 'price') + rowOf(2, 'A', '1.234,50') + rowOf(3, 'B', 2.5);
    const { format, rows } = await read(workbookOf([{ name: 'One', rows: sheet }]));
    expect(format).toEqual({ kind: 'excel', decimal: ',', thousands: '.' });
    expect(rows.map(({ price }) => price)).toEqual(['1.234,50', '2,5']);
  });

  test('keeps rows that are wider than the header apart, under the number of the row', async () => {
    const file = path.join(folder, 'wide.xlsx');
    const sheet =
      rowOf(1, 'Title') + rowOf(3, 'id', 'b') + rowOf(4, 1, 2) + rowOf(5, 1, 2, 3) + rowOf(6, 4, 5);
    await writeFile(file, workbookOf([{ name: 'One', rows: sheet }]));
    await using opened = await openFile(engine, file, { header_line: 3 }, { temporary: folder });
    expect(await engine.rows(`SELECT count(*) AS n FROM ${opened.fromKeeping('wide_rejects')}`)).toEqual([
      { n: 2 },
    ]);
    const [rejected] = await engine.rows(`SELECT line FROM (${engine.rejectedRows('wide_rejects')})`);
    expect(Number(rejected?.['line'])).toBe(5);
  });

  test('without a cell, or with a header only, is refused', async () => {
    await expect(read(workbookOf([{ name: 'One', rows: '' }]))).rejects.toMatchObject({
      code: 'HF206',
      message: 'the sheet One is empty',
    });
    await expect(read(workbookOf([{ name: 'One', rows: rowOf(1, 'id', 'b') }]))).rejects.toMatchObject({
      code: 'HF206',
      message: 'the file has a header but no rows',
    });
  });
});
