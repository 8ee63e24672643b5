/**
 * Deliveries that are missing, broken or of no use. Each is refused with code, place, a message and a hint, and
 * every table stays as it was.
 */
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HoldfastError } from '../../src/kernel/index.ts';
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

interface Refusal {
  readonly code: string;
  readonly exitCode: number;
  readonly place: HoldfastError['place'];
  readonly message: unknown;
  readonly hint: unknown;
}

/** Lands a second delivery beside the first, runs, and expects a refusal that changes no table. */
async function expectRefusal(
  deliver: (workspace: TestWorkspace) => Promise<void>,
  refusal: Omit<Refusal, 'exitCode'>,
): Promise<void> {
  await using workspace = await copyOf(prepared, MAGAZINE);
  const before = await tableVersions(workspace);
  await deliver(workspace);
  const failure = await failureOf(workspace.run());
  const { code, exitCode, place, message, hint } = failure;
  expect({ code, exitCode, place, message, hint }).toEqual({ ...refusal, exitCode: 2 });
  expect(await tableVersions(workspace)).toEqual(before);
}

describe('a delivery is refused, and every table stays as it was', () => {
  test('where there is no file for a source', async () => {
    await using workspace = await openMagazine();
    const failure = await failureOf(workspace.run());
    expect(failure).toMatchObject({ code: 'HF201', exitCode: 2, place: { file: 'readers*.csv' } });
    expect(failure.message).toContain(
      'no file for the source readers; expected readers*.csv or readers*.parquet',
    );
    expect(failure.hint).toContain('put the file there');
    expect(await tableVersions(workspace)).toEqual({});
  });

  test('where a column is missing, with the column that is meant', () =>
    expectRefusal(
      (workspace) => workspace.land('readers_2.csv', csvOf(ROWS).replace('complaints', 'complaint')),
      {
        code: 'HF203',
        place: { file: 'readers_2.csv', field: 'complaints' },
        message: expect.stringMatching(/^column complaints is missing; the file has reader_id, title/),
        hint: 'is it the column complaint? rename it to complaints',
      },
    ));

  test('where many values are of a wrong type, naming the line of the first', () =>
    expectRefusal(
      (workspace) =>
        workspace.land(
          'readers_2.csv',
          readersWith(
            6000,
            'complaints',
            Object.fromEntries(Array.from({ length: 100 }, (_, index) => [5000 + index, 'often'])),
          ),
        ),
      {
        code: 'HF204',
        // Row 5,000 stands on line 5,001, below the header.
        place: { file: 'readers_2.csv', line: 5001, field: 'complaints' },
        message: '100 of 6,000 values cannot be read as INTEGER, the first is "often"',
        hint: expect.stringContaining('max_bad_share'),
      },
    ));

  test('where the lines before a wrong value are malformed, which does not shift the line that is named', () =>
    expectRefusal(
      async (workspace) => {
        const lines = csvOf(
          readersWith(
            1000,
            'complaints',
            Object.fromEntries(Array.from({ length: 50 }, (_, index) => [900 + index, 'often'])),
          ),
        ).split('\n');
        lines.splice(10, 0, 'too,short');
        lines.splice(200, 0, 'too,short');
        await workspace.land('readers_2.csv', lines.join('\n'));
      },
      {
        code: 'HF204',
        place: { file: 'readers_2.csv', line: 903, field: 'complaints' },
        message: '50 of 1,000 values cannot be read as INTEGER, the first is "often"',
        hint: expect.stringContaining('deliver complaints as INTEGER'),
      },
    ));

  test('where a Parquet file is cut short', () =>
    expectRefusal(
      async (workspace) => {
        const file = path.join(workspace.landing, 'readers_2.parquet');
        await workspace.withContext(({ engine }) =>
          engine.execute(
            `COPY (SELECT i AS reader_id FROM range(100000) AS t(i)) TO '${file}' (FORMAT parquet)`,
          ),
        );
        await truncate(file, 5000);
      },
      {
        code: 'HF202',
        place: { file: 'readers_2.parquet' },
        message: expect.stringMatching(/^the file cannot be read: /),
        hint: expect.stringContaining('complete Parquet file'),
      },
    ));

  test('where a Parquet column has a type that does not become the declared one', () =>
    expectRefusal(
      (workspace) =>
        workspace.withContext(({ engine }) =>
          engine.execute(
            `COPY (SELECT 'R' || i AS reader_id, 'Chess' AS title, 1 AS months_subscribed, 0 AS copies_returned,
               DATE '2024-01-01' AS complaints, 4.5 AS monthly_price, '' AS gift_from, 'no' AS ended, 'a' AS part
             FROM range(300) AS t(i)) TO '${path.join(workspace.landing, 'readers_2.parquet')}' (FORMAT parquet)`,
          ),
        ),
      {
        code: 'HF204',
        place: { file: 'readers_2.parquet', line: 1, field: 'complaints' },
        message: '300 of 300 values cannot be read as INTEGER, the first is "2024-01-01"',
        hint: expect.stringContaining('deliver complaints as INTEGER'),
      },
    ));

  test('where a file is empty', () =>
    expectRefusal((workspace) => workspace.land('readers_2.csv', ''), {
      code: 'HF206',
      place: { file: 'readers_2.csv' },
      message: 'the file is empty',
      hint: 'deliver the file again',
    }));

  test('where a file has a header only', () =>
    expectRefusal((workspace) => workspace.land('readers_2.csv', `${csvOf(ROWS).split('\n')[0] ?? ''}\n`), {
      code: 'HF206',
      place: { file: 'readers_2.csv' },
      message: 'the file has a header but no rows',
      hint: expect.stringContaining('deliver the file again'),
    }));

  test('where a file is not UTF-8', () =>
    expectRefusal(
      (workspace) =>
        writeFile(
          path.join(workspace.landing, 'readers_2.csv'),
          Buffer.from(csvOf(ROWS.map((row) => ({ ...row, gift_from: 'Gro\u00dftante' }))), 'latin1'),
        ),
      {
        code: 'HF204',
        place: { file: 'readers_2.csv', line: 2 },
        message: expect.stringMatching(/^400 of 400 rows are malformed, the first: .*(UTF-8|unicode|encod)/i),
        hint: expect.stringContaining('deliver UTF-8 text'),
      },
    ));

  test('where a file is UTF-16', () =>
    expectRefusal(
      (workspace) =>
        writeFile(
          path.join(workspace.landing, 'readers_2.csv'),
          Buffer.from(`\uFEFF${csvOf(ROWS)}`, 'utf16le'),
        ),
      {
        code: 'HF202',
        place: { file: 'readers_2.csv' },
        message: expect.stringMatching(/^the file cannot be read: /),
        hint: expect.stringContaining('UTF-8'),
      },
    ));

  test('where more rows are malformed than may be', () =>
    expectRefusal(
      async (workspace) => {
        const lines = csvOf(ROWS).split('\n');
        for (let line = 21; line <= 40; line += 1) lines[line] = 'R9999,too,short';
        await workspace.land('readers_2.csv', lines.join('\n'));
      },
      {
        code: 'HF204',
        place: { file: 'readers_2.csv', line: 22 },
        message: expect.stringMatching(/^20 of 400 rows are malformed, the first: MISSING COLUMNS/),
        hint: expect.stringContaining('as many fields a row as the header'),
      },
    ));

  test.each(['readers_[2].csv', 'readers_{2}.csv'])('where a file name has brackets: %s', (name) =>
    expectRefusal((workspace) => workspace.land(name, ROWS.slice(1)), {
      code: 'HF202',
      place: { file: name },
      message: expect.stringContaining('the file name has one of the characters'),
      hint: 'rename the file',
    }),
  );
});

describe('data that cannot be learnt from', () => {
  test('one class only stops training and names the horizon', async () => {
    await using workspace = await openMagazine();
    await workspace.land(
      'readers.csv',
      ROWS.map((row) => ({ ...row, ended: 'no' })),
    );
    const { code, exitCode, place, message, hint } = await failureOf(workspace.run());
    expect({ code, exitCode, place }).toEqual({ code: 'HF505', exitCode: 2, place: { field: 'split_90d' } });
    expect(message).toMatch(/^horizon 90 days: the train rows are 2\d\d, of which 0 are positive$/);
    expect(hint).toContain('both outcomes must occur');
    // What came before training is there, and nothing half-made of it.
    const { runs } = await workspace.withContext(async (context) => ({ runs: await context.runs.read() }));
    expect(runs.at(-1)).toMatchObject({
      status: 'failed',
      error: { code: 'HF505' },
      steps: [{ step: 'ingest' }, { step: 'build' }],
    });
  });
});
