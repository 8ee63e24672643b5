import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { openDuckDb } from './index.ts';

describe('the DuckDB engine', () => {
  let engine: Engine;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-engine-'));
    engine = await openDuckDb({ threads: 2, temporaryFolder: path.join(folder, 'temporary') });
  });

  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('binds values instead of pasting them', async () => {
    const rows = await engine.rows('SELECT $name AS name, $count + 1 AS count', {
      name: "O'Hara; --",
      count: 2,
    });
    expect(rows).toEqual([{ name: "O'Hara; --", count: 3 }]);
  });

  it('returns dates, instants, decimals and nested values as plain data', async () => {
    const [row] = await engine.rows(
      `SELECT DATE '2024-02-29' AS d, TIMESTAMPTZ '2024-02-29 12:00:00+00' AS t, CAST(1.50 AS DECIMAL(10,2)) AS m,
              [1, 2] AS l, {'a': 1} AS s, 9007199254740993::BIGINT AS b, NULL AS n`,
    );
    expect(row).toEqual({
      d: '2024-02-29',
      t: '2024-02-29T12:00:00.000Z',
      m: '1.50',
      l: [1, 2],
      s: { a: 1 },
      b: 9007199254740993n,
      n: null,
    });
  });

  it('names the tables a statement reads and leaves out its own CTEs', async () => {
    const references = await engine.references(
      `WITH calls AS (SELECT * FROM silver.calls), b AS (SELECT * FROM calls)
       SELECT b.x, (SELECT max(y) FROM silver.other) FROM b JOIN loose USING (x), range(3) AS r(i)
       WHERE x IN (SELECT x FROM known.spine)`,
    );
    expect(references).toEqual({
      tables: ['known.spine', 'loose', 'silver.calls', 'silver.other'],
      tableFunctions: ['range'],
    });
  });

  it('says a file that a CTE of the same name would hide', async () => {
    const { tables } = await engine.references(
      'WITH "x.csv" AS (SELECT * FROM "x.csv") SELECT * FROM "x.csv"',
    );
    expect(tables).toEqual(['x.csv']);
  });

  it('refuses anything but one SELECT when asked for references', async () => {
    await expect(engine.references('DROP TABLE x')).rejects.toMatchObject({ code: 'HF401' });
    await expect(engine.references('SELECT 1; SELECT 2')).rejects.toMatchObject({ code: 'HF401' });
  });

  it('reads numbers as one column-major matrix with NULL as NaN', async () => {
    const table = await engine.numeric(
      'SELECT CAST(i AS DOUBLE) AS a, CASE WHEN i % 2 = 0 THEN i END AS b, i > 2999 AS c FROM range(5000) t(i) ORDER BY i',
    );
    expect(table.columns).toEqual(['a', 'b', 'c']);
    expect(table.rows).toBe(5000);
    expect(table.data[4999]).toBe(4999);
    expect(table.data[5000]).toBe(0);
    expect(table.data[5001]).toBeNaN();
    expect(table.data[10000 + 2999]).toBe(0);
    expect(table.data[10000 + 3000]).toBe(1);
  });

  it('reads back what it wrote, partition values and NULL partitions included', async () => {
    const select = `SELECT i, CASE WHEN i < 10 THEN DATE '2024-01-01' WHEN i < 15 THEN DATE '2024-02-01' END AS month_key FROM range(20) t(i)`;
    const files = await engine.writeParquet(select, folder, { partitionBy: ['month_key'] });
    expect(files.map((file) => file.partition['month_key']).sort()).toEqual([
      '2024-01-01',
      '2024-02-01',
      null,
    ]);
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(20);
    await engine.defineView(
      'silver.events',
      files.map((file) => ({ path: path.join(folder, file.path), partition: file.partition })),
      await engine.describe(select),
      ['month_key'],
    );
    expect(
      await engine.rows(
        'SELECT month_key, count(*) AS n FROM silver.events GROUP BY ALL ORDER BY 1 NULLS LAST',
      ),
    ).toEqual([
      { month_key: '2024-01-01', n: 10 },
      { month_key: '2024-02-01', n: 5 },
      { month_key: null, n: 5 },
    ]);
  });

  it('takes the newest partition of a table with a single file', async () => {
    const select = "SELECT 1 AS i, DATE '2024-01-01' AS score_date, 'a' AS part";
    const files = await engine.writeParquet(select, folder, { partitionBy: ['score_date', 'part'] });
    await engine.defineView(
      'gold.scores',
      files.map((file) => ({ path: path.join(folder, file.path), partition: file.partition })),
      await engine.describe(select),
      ['score_date', 'part'],
    );
    expect(await engine.rows('SELECT max(score_date) AS newest, max(part) AS part FROM gold.scores')).toEqual(
      [{ newest: '2024-01-01', part: 'a' }],
    );
  });

  it('has NULL for a column that none of the files, or none of a part, has', async () => {
    const files = await engine.writeParquet("SELECT 1 AS i, 'a' AS part UNION ALL SELECT 2, 'b'", folder, {
      partitionBy: ['part'],
    });
    const moved = files.map((file) => ({ path: path.join(folder, file.path), partition: file.partition }));
    const columns = [
      { name: 'i', type: 'INTEGER' },
      { name: 'part', type: 'VARCHAR' },
      { name: 'later', type: 'DATE' },
    ];
    const expected = [
      { i: 1, part: 'a', later: null },
      { i: 2, part: 'b', later: null },
    ];
    await engine.defineView('gold.grown', moved, columns, ['part']);
    expect(await engine.rows('SELECT * FROM gold.grown ORDER BY i')).toEqual(expected);
    // Values that the folders do not say: every file is a scan of its own.
    const elsewhere = moved.map(({ path: file }, index) => ({
      path: file,
      partition: { part: ['x', 'y'][index] ?? '' },
    }));
    await engine.defineView('gold.grown', elsewhere, columns, ['part']);
    expect(await engine.rows('SELECT part, later FROM gold.grown ORDER BY part')).toEqual([
      { part: 'x', later: null },
      { part: 'y', later: null },
    ]);
  });

  it('takes texts as they are, row by row', async () => {
    const texts = Array.from({ length: 3000 }, (_, row) => (row % 3 === 0 ? null : `'${String(row)}" é\n`));
    await engine.loadTexts('said', { text: texts });
    const rows = await engine.rows('SELECT row_index, text FROM said ORDER BY row_index');
    expect(rows.map((row) => row['text'])).toEqual(texts);
    expect(rows.at(-1)?.['row_index']).toBe(2999);
  });

  it('gives an empty view for no files', async () => {
    await engine.defineView('silver.nothing', [], [{ name: 'a b', type: 'DOUBLE' }], []);
    expect(await engine.rows('SELECT count(*) AS n, count("a b") AS m FROM silver.nothing')).toEqual([
      { n: 0, m: 0 },
    ]);
  });

  it('computes the exact standard deviation of few values', async () => {
    const [row] = await engine.rows(
      'SELECT stddev_exact(count(*), sum(x), sum(x * x)) AS ours, stddev_samp(x) AS theirs FROM (VALUES (1), (2), (4)) t(x)',
    );
    expect(row?.['ours']).toBeCloseTo(Number(row?.['theirs']), 12);
  });
});
