/** The static part of the leakage audit: feature SQL reads known.* only, and only feature SQL reads it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyPack, openWorkspace } from '../support/workspace.ts';

const FEATURES = 'sql/gold/churn_features.sql';

/** What building with a changed pack throws; nothing needs to be delivered for it. */
async function refusal(change: { file: string; from: string; to: string }): Promise<unknown> {
  await using pack = await copyPack();
  await pack.replace(change.file, change.from, change.to);
  await using workspace = await openWorkspace({ pack: pack.folder });
  return await workspace.run({ from: 'build', to: 'build' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('feature SQL', () => {
  test.each([
    ['a silver table', 'FROM silver.calls AS calls_of_all_time CROSS JOIN known.calls', 'silver.calls'],
    ['a bronze table', 'FROM bronze.raw_calls', 'bronze.raw_calls'],
    ['the labels', 'FROM gold.churn_labels', 'gold.churn_labels'],
    ['a silver table by its catalog', 'FROM memory.silver.calls', 'silver.calls'],
    [
      'a silver table in a subquery',
      'FROM known.calls WHERE event_date < (SELECT max(datevalue) FROM silver.customer_info)',
      'silver.customer_info',
    ],
    ['a table without a schema', 'FROM calls', 'calls'],
    ['a Parquet file', "FROM read_parquet('calls.parquet')", 'read_parquet'],
    ['a CSV file', "FROM read_csv('calls.csv')", 'read_csv'],
    ['a file by its bare name', "FROM 'calls.parquet'", 'calls.parquet'],
    ['a table named by a text', "FROM query_table('silver.calls')", 'query_table'],
    ['a query in a text', "FROM query('SELECT * FROM silver.calls')", 'query'],
    ['a summary of a silver table', 'FROM (SUMMARIZE silver.calls)', 'silver.calls'],
    ['a known table that nobody declares', 'FROM known.orders', 'known.orders'],
    ['the view behind the spine', 'FROM known.snapshots', 'known.snapshots'],
  ])('that reads %s is refused by its file and what it reads', async (_, to, field) => {
    expect(await refusal({ file: FEATURES, from: 'FROM known.calls', to })).toMatchObject({
      code: 'HF402',
      place: { file: FEATURES, field },
    });
  });

  test('may use a CTE of any name, and the spine', async () => {
    // Nothing is delivered here, so that it fails later: at the missing bronze tables.
    expect(
      await refusal({
        file: FEATURES,
        from: 'WITH call_features AS (',
        to: 'WITH calls AS (SELECT * FROM known.calls),\ncall_features AS (',
      }),
    ).toMatchObject({ code: 'HF301' });
  });

  test('of the shipped pack reads known tables only', async () => {
    const text = await readFile(path.join(import.meta.dirname, '../../packs/broadband', FEATURES), 'utf8');
    expect(text).not.toMatch(/(silver|bronze)\./);
  });
});

describe('SQL that makes no features', () => {
  test('is refused where it reads known tables', async () => {
    expect(
      await refusal({ file: 'sql/silver/calls.sql', from: 'FROM bronze.raw_calls', to: 'FROM known.calls' }),
    ).toMatchObject({ code: 'HF402', place: { file: 'sql/silver/calls.sql', field: 'known.calls' } });
  });

  test('is refused where it reads a file past the lake', async () => {
    expect(
      await refusal({
        file: 'sql/silver/calls.sql',
        from: 'FROM bronze.raw_calls',
        to: "FROM read_csv('calls.csv')",
      }),
    ).toMatchObject({ code: 'HF402', place: { field: 'read_csv' } });
  });
});
