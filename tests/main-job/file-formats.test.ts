/** Deliveries as companies write them: packed, in another encoding, with decimal commas, as workbook or JSON. */
import { Buffer } from 'node:buffer';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import type { TestWorkspace } from '../support/workspace.ts';
import { failureOf, tableVersions } from './lake-state.ts';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

const COLUMNS = Object.keys(readers(1)[0] ?? {});
const ROWS = readers(300);

/** The magazine's pack with other file names, a format, and a column for a date. */
function packWith(format: string): ReturnType<typeof changedMagazine> {
  return changedMagazine(
    { file: 'pack.yaml', from: 'files: [readers*.csv, readers*.parquet]', to: 'files: [readers*]' },
    {
      file: 'pack.yaml',
      from: "    null_values: ['-']\n",
      to: `      since: DATE\n    null_values: ['-']\n${format}`,
    },
  );
}

/** Readers as German programs export them: `;`, decimal commas, points between thousands, titles above. */
function germanLines(): string[] {
  const value = (column: string, index: number): string => {
    if (column === 'monthly_price') return index === 0 ? '1.234,50' : '7,90';
    if (column === 'complaints') return `${String(ROWS[index]?.[column] ?? 0)},0`;
    if (column === 'gift_from') return index % 2 === 0 ? 'Großtante' : '-';
    return String(ROWS[index]?.[column] ?? '');
  };
  return [
    'Leser;Auszug vom 1.3.2025',
    '',
    [...COLUMNS, 'since'].map((name) => ` ${name}  `).join(';'),
    ...ROWS.map((_, index) => [...COLUMNS.map((column) => value(column, index)), '31.12.2024'].join(';')),
  ];
}

const GERMAN =
  "    format: { delimiter: ';', decimal: ',', thousands: '.', encoding: latin-1, header_line: 3 }\n" +
  "    date_format: '%d.%m.%Y'\n";

const land = (workspace: TestWorkspace, name: string, content: Uint8Array): Promise<void> =>
  writeFile(path.join(workspace.landing, name), content);

const zipOf = (lines: readonly string[]): Uint8Array =>
  zipSync({ 'export/readers.csv': Buffer.from(lines.join('\r\n'), 'latin1'), 'note.pdf': strToU8('%PDF') });

describe('a source with a format', () => {
  test('is taken from a zip file with ; and decimal commas in Latin-1 below titles', async () => {
    await using pack = await packWith(GERMAN);
    await using workspace = await openMagazine({ pack: pack.folder });
    await land(workspace, 'readers_1.zip', zipOf(germanLines()));
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 300, malformedRows: 0, badValues: 0 }]);
    expect(workspace.warnings).toEqual([]);
    expect(
      await workspace.rows(
        `SELECT reader_id, monthly_price, complaints, gift_from, since, _source_file FROM bronze.readers
         WHERE reader_id <= 'R0002' ORDER BY reader_id`,
      ),
    ).toEqual([
      {
        reader_id: 'R0001',
        monthly_price: 1234.5,
        complaints: ROWS[0]?.['complaints'],
        gift_from: 'Großtante',
        since: '2024-12-31',
        _source_file: 'readers_1.zip',
      },
      {
        reader_id: 'R0002',
        monthly_price: 7.9,
        complaints: ROWS[1]?.['complaints'],
        gift_from: null,
        since: '2024-12-31',
        _source_file: 'readers_1.zip',
      },
    ]);
    // What was unpacked and converted is gone.
    expect(await readdir(path.join(workspace.folder, 'temporary'))).toEqual([]);
  });

  test('has its bad values and malformed rows counted, under the lines of the file', async () => {
    await using pack = await packWith(GERMAN);
    await using workspace = await openMagazine({ pack: pack.folder });
    const lines = germanLines();
    lines[52] = (lines[52] ?? '').replace(';7,90;', ';7.90;');
    lines[60] = 'R9999;zu kurz';
    lines[102] = (lines[102] ?? '').replace(';31.12.2024', ';31.02.2024');
    await land(workspace, 'readers_1.zip', zipOf(lines));
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 299, malformedRows: 1, badValues: 2 }]);
    expect(workspace.warnings).toEqual([
      'readers_1.zip: monthly_price: 1 value(s) that are no DOUBLE became NULL, such as "7.90" in line 53',
      'readers_1.zip: since: 1 value(s) that are no DATE became NULL, such as "31.02.2024" in line 103',
      'readers_1.zip: 1 malformed row(s) put into quality.quarantined_rows',
    ]);
    expect(await workspace.rows('SELECT source_file, line FROM quality.quarantined_rows')).toEqual([
      { source_file: 'readers_1.zip', line: 61 },
    ]);
  });

  test('that the file does not have is refused, and every table stays as it was', async () => {
    await using pack = await packWith(GERMAN);
    await using workspace = await openMagazine({ pack: pack.folder });
    await land(workspace, 'readers_1.zip', zipSync({ 'a.csv': strToU8('x'), 'b.csv': strToU8('y') }));
    const { code, message, hint, place } = await failureOf(workspace.run({ to: 'ingest' }));
    expect({ code, message, hint, place }).toEqual({
      code: 'HF202',
      message: 'the file cannot be read: the zip file has several tables: a.csv, b.csv',
      hint: 'state the one to read as format.member, or pack one file alone',
      place: { file: 'readers_1.zip' },
    });
    expect(await tableVersions(workspace)).toEqual({});
  });
});

describe('without a format, the kind of a file decides', () => {
  const wanted = ROWS.slice(0, 250).map((row) => ({ ...row, since: '2024-12-31' }));

  test('a workbook, a list of objects and one object a line give the same rows', async () => {
    const cell = (value: unknown): string =>
      typeof value === 'number'
        ? `<c><v>${String(value)}</v></c>`
        : `<c t="inlineStr"><is><t xml:space="preserve">${String(value).replaceAll('&', '&amp;')}</t></is></c>`;
    const sheet = [COLUMNS.concat('since'), ...wanted.map((row) => Object.values(row))]
      .map((row) => `<row>${row.map(cell).join('')}</row>`)
      .join('');
    const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
    const workbook = zipSync({
      'xl/workbook.xml': strToU8(
        '<workbook><sheets><sheet name="One" sheetId="1" r:id="a"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        `<Relationships><Relationship Id="a" Type="${relations}/worksheet" Target="one.xml"/></Relationships>`,
      ),
      'xl/one.xml': strToU8(`<worksheet><sheetData>${sheet}</sheetData></worksheet>`),
    });
    const files: [string, Uint8Array][] = [
      ['readers_1.xlsx', workbook],
      ['readers_1.json', strToU8(JSON.stringify(wanted))],
      ['readers_1.ndjson', strToU8(wanted.map((row) => JSON.stringify(row)).join('\n'))],
    ];
    const taken: unknown[] = [];
    for (const [name, content] of files) {
      await using pack = await packWith('');
      await using workspace = await openMagazine({ pack: pack.folder });
      await land(workspace, name, content);
      const { steps } = await workspace.run({ to: 'ingest' });
      expect(steps[0]?.result).toMatchObject([{ rows: 250, malformedRows: 0, badValues: 0 }]);
      expect(workspace.warnings).toEqual([]);
      taken.push(
        await workspace.rows(
          `SELECT ${COLUMNS.join(', ')}, since FROM bronze.readers WHERE gift_from NOT LIKE chr(13) || '%' ORDER BY reader_id`,
        ),
      );
    }
    const [first, ...others] = taken as [unknown[], ...unknown[]];
    expect(first.length).toBeGreaterThan(200);
    expect(first[0]).toEqual(wanted[0]);
    for (const other of others) expect(other).toEqual(first);
  });

  test('columns of the same name are refused', async () => {
    await using workspace = await openMagazine();
    await workspace.land('readers_1.csv', `${COLUMNS.join(',')},Title\n${COLUMNS.join(',')},x\n`);
    const { code, message, place } = await failureOf(workspace.run({ to: 'ingest' }));
    expect({ code, message, place }).toEqual({
      code: 'HF202',
      message: 'several columns have the same name: title and Title',
      place: { file: 'readers_1.csv', line: 1 },
    });
  });

  test('a web page that was saved as CSV is refused', async () => {
    await using workspace = await openMagazine();
    await workspace.land('readers_1.csv', '<!DOCTYPE html><html><body>Please sign in</body></html>');
    expect(await failureOf(workspace.run({ to: 'ingest' }))).toMatchObject({
      code: 'HF202',
      message: 'the file cannot be read: it is an HTML page, as a website sends for an error or a sign-in',
      place: { file: 'readers_1.csv' },
    });
  });
});

test.each([
  ["    format: { delimiter: ';;' }\n", 'sources.readers.format.delimiter'],
  ["    format: { thousands: '.' }\n", 'sources.readers.format.thousands'],
  ["    format: { separator: ';' }\n", 'sources.readers.format'],
  ["    date_format: 'DD.MM.YYYY'\n", 'sources.readers.date_format'],
])('a pack with %j is refused, naming the key', async (lines, key) => {
  await using pack = await packWith(lines);
  await using workspace = await openMagazine({ pack: pack.folder });
  const { code, place } = await failureOf(workspace.run({ to: 'ingest' }));
  expect(code).toBe('HF106');
  expect(place?.field).toContain(key);
});
