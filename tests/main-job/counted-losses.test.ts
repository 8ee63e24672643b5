/**
 * Deliveries with something wrong in them that are taken all the same: what is left out is counted and said.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csvOf, type TestWorkspace } from '../support/workspace.ts';
import { copyOf, failureOf, tableVersions } from './lake-state.ts';
import { MAGAZINE_PACK, openMagazine, readers, readersWith } from './magazine.ts';

const ROWS = readers(400);
const MAGAZINE = { pack: MAGAZINE_PACK };

/** A workspace in which everything was made once, copied for every case. */
let prepared: TestWorkspace;
beforeAll(async () => {
  prepared = await openMagazine();
  await prepared.land('readers_1.csv', ROWS);
  await prepared.run();
});
afterAll(() => prepared[Symbol.asyncDispose]());

describe('a delivery is taken, and what was left out is counted and said', () => {
  test('few values of a wrong type become NULL', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    await workspace.land('readers_2.csv', readersWith(6000, 'complaints', { 5000: 'often', 5500: '1.2.3' }));
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 6000, badValues: 2, malformedRows: 0 }]);
    expect(workspace.warnings).toEqual([
      'readers_2.csv: complaints: 2 value(s) that are no INTEGER became NULL, such as "often" in line 5,001',
    ]);
    expect(
      await workspace.rows(
        'SELECT reader_id, complaints FROM bronze.readers WHERE complaints IS NULL ORDER BY reader_id',
      ),
    ).toEqual([
      { reader_id: 'R5000', complaints: null },
      { reader_id: 'R5500', complaints: null },
    ]);
    expect(
      await workspace.rows(
        `SELECT status, failed_rows FROM quality.expectation_results
         WHERE table_name = 'bronze.readers' AND expectation = 'readable_values' ORDER BY checked_at DESC LIMIT 1`,
      ),
    ).toEqual([{ status: 'WARN', failed_rows: 2 }]);
  });

  test('malformed rows go to quarantine with file, line and reason', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const lines = csvOf(ROWS).split('\n');
    lines[100] = 'R9999,too,short';
    lines[200] = `${lines[200] ?? ''},one,too,many`;
    await workspace.land('readers_2.csv', lines.join('\n'));
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 398, malformedRows: 2 }]);
    expect(workspace.warnings).toEqual([
      'readers_2.csv: 2 malformed row(s) put into quality.quarantined_rows',
    ]);
    const quarantined = await workspace.rows(
      'SELECT table_name, reason, source_file, line, row_text FROM quality.quarantined_rows ORDER BY line',
    );
    expect(quarantined).toEqual([
      {
        table_name: 'bronze.readers',
        reason: 'malformed row',
        source_file: 'readers_2.csv',
        line: 101,
        row_text: expect.stringMatching(/^MISSING COLUMNS: .*R9999,too,short$/s) as unknown,
      },
      {
        table_name: 'bronze.readers',
        reason: 'malformed row',
        source_file: 'readers_2.csv',
        line: 201,
        row_text: expect.stringMatching(/^TOO MANY COLUMNS: .*,one,too,many$/s) as unknown,
      },
    ]);
  });

  test('rows that are not UTF-8 go to quarantine, also where the text stands in a column that is not taken', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const rows = ROWS.map((row, index) => ({
      ...row,
      gift_from: index === 10 ? 'Gro\u00dftante' : 'aunt',
      remark: index === 20 ? 'sch\u00f6n' : 'fine',
    }));
    await writeFile(path.join(workspace.landing, 'readers_2.csv'), Buffer.from(csvOf(rows), 'latin1'));
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 398, malformedRows: 2 }]);
    expect(
      await workspace.rows('SELECT line, row_text FROM quality.quarantined_rows ORDER BY line'),
    ).toMatchObject([
      { line: 12, row_text: expect.stringMatching(/^INVALID ENCODING/) as unknown },
      { line: 22, row_text: expect.stringMatching(/^INVALID ENCODING/) as unknown },
    ]);
    expect(await workspace.rows('SELECT count(*) AS n FROM bronze.readers')).toEqual([{ n: 398 }]);
  });

  test('of a CSV file with 1,000 columns the unexpected ones are reported', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const extra = Array.from({ length: 991 }, (_, index) => `extra_${index + 1}`);
    const values = extra.map(() => 'x');
    const rows = readers(100).map((row) => ({ ...row, gift_from: 'aunt' }));
    const lines = csvOf(rows).trimEnd().split('\n');
    await workspace.land(
      'readers_2.csv',
      lines.map((line, index) => `${line},${(index === 0 ? extra : values).join(',')}`).join('\n'),
    );
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ rows: 100 }]);
    expect(workspace.warnings).toEqual([
      'readers_2.csv: 991 unexpected column(s) left out: extra_1, extra_2, extra_3, extra_4, extra_5, ...',
    ]);
    const columns = Object.keys((await workspace.rows('SELECT * FROM bronze.readers LIMIT 1'))[0] ?? {});
    expect(columns).not.toContain('extra_1');
  });

  test('a column without a single value trains and scores as missing', async () => {
    await using workspace = await openMagazine();
    await workspace.land(
      'readers.csv',
      ROWS.map((row) => ({ ...row, months_subscribed: null, title: row['title'] ?? null, gift_from: null })),
    );
    const { steps } = await workspace.run();
    expect(steps).toHaveLength(6);
    expect(
      await workspace.rows(
        'SELECT count(months_subscribed) AS months, count(gift_from) AS gifts FROM gold.reader_features',
      ),
    ).toEqual([{ months: 0, gifts: 0 }]);
    expect(
      await workspace.rows(
        'SELECT count(*) FILTER (WHERE probability_90d IS NULL) AS n FROM gold.churn_scores',
      ),
    ).toEqual([{ n: 0 }]);
  });

  test('a file name with quotes and blanks is taken as it is', async () => {
    await using workspace = await openMagazine();
    const name = 'readers\'s "new" list.csv';
    await workspace.land(name, ROWS);
    const { steps } = await workspace.run({ to: 'ingest' });
    expect(steps[0]?.result).toMatchObject([{ taken: [{ file: name, rows: 400 }] }]);
    expect(await workspace.rows('SELECT DISTINCT _source_file FROM bronze.readers')).toEqual([
      { _source_file: name },
    ]);
  });

  test('a file delivered again under another name is recognised by its content', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const before = await tableVersions(workspace);
    await workspace.land('readers_2.csv', ROWS);
    const { steps } = await workspace.run();
    expect(steps[0]).toMatchObject({ summary: 'took 0 new files with 0 rows; 2 were known' });
    expect(await tableVersions(workspace)).toEqual(before);
  });

  test('a file under a name that no source takes is told of', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    await workspace.land('raeders_2.csv', ROWS.slice(1));
    await workspace.run({ to: 'ingest' });
    expect(workspace.warnings).toEqual([
      '1 file(s) in the landing folder that no source takes: raeders_2.csv',
    ]);
  });
});

describe('an expectation that fails', () => {
  test('stops the step, leaves the table as it was and is kept among the results', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const before = await tableVersions(workspace);
    await workspace.land('readers_2.csv', readersWith(400, 'monthly_price', { 7: '-1', 8: '-2.5' }));
    const { code, exitCode, place, message, hint } = await failureOf(workspace.run());
    expect({ code, exitCode, place }).toEqual({
      code: 'HF205',
      exitCode: 1,
      place: { field: 'silver.readers' },
    });
    expect(message).toMatch(/^silver\.readers: expectation price_is_not_negative failed for 2 of 400 rows/);
    expect(hint).toContain('the table stays as it was');
    const after = await tableVersions(workspace);
    const { 'bronze.readers': bronze, 'quality.expectation_results': results, ...others } = after;
    expect({ ...before, ...others }).toEqual(before);
    expect([bronze, results]).toEqual([
      (before['bronze.readers'] ?? 0) + 1,
      (before['quality.expectation_results'] ?? 0) + 2,
    ]);
    expect(
      await workspace.rows(
        `SELECT table_name, expectation, action, status, failed_rows, total_rows
         FROM quality.expectation_results WHERE status = 'FAIL'`,
      ),
    ).toEqual([
      {
        table_name: 'silver.readers',
        expectation: 'price_is_not_negative',
        action: 'fail',
        status: 'FAIL',
        failed_rows: 2,
        total_rows: 400,
      },
    ]);
    // A corrected delivery heals it.
    await workspace.land('readers_3.csv', readers(400, 4));
    await workspace.run();
    const [row] = await workspace.rows('SELECT min(monthly_price) AS least FROM silver.readers');
    expect(row?.['least']).toBe(4.5);
  });
});
