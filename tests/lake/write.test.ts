import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFilesBelow, filesBelow, type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

const ALL_TYPES = `
  SELECT 9007199254740993::BIGINT AS a_long, 1::INTEGER AS an_integer, -5::SMALLINT AS a_short, 7::TINYINT AS a_byte,
         'text, "quoted"; é' AS a_string, 1.5::FLOAT AS a_float, 0.1::DOUBLE AS a_double, true AS a_boolean,
         DATE '2024-02-29' AS a_date, TIMESTAMPTZ '2024-02-29 23:59:59.123456+00' AS a_timestamp,
         CAST('12345678901234567890.12' AS DECIMAL(38,2)) AS a_decimal, 'bytes'::BLOB AS a_binary,
         [1, NULL] AS a_list, {'x': 1, 'y': ['z']} AS a_struct, MAP {'k': 1} AS a_map, 'p' AS part
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`;

const PARTITIONED = `SELECT i::INTEGER AS id, CASE WHEN i < 2 THEN DATE '2024-01-01' WHEN i < 4 THEN DATE '2024-02-01' END AS month_key
  FROM range(6) AS r(i)`;

describe('writing a table', () => {
  let fixture: LakeFixture;

  beforeEach(async () => {
    fixture = await openLakeFixture();
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  const rowsOf = async (table: string, order: string): Promise<unknown[]> => {
    await fixture.lake.attach([table]);
    return fixture.engine.rows(`SELECT * FROM ${table} ORDER BY ${order}`);
  };

  it('gives back every type as it was, NULL included', async () => {
    const { engine, lake } = fixture;
    const snapshot = await lake.write(
      'silver.types',
      ALL_TYPES,
      plainly('overwrite', { partitionBy: ['part'] }),
    );
    expect(snapshot.rows).toBe(2);
    await lake.attach(['silver.types']);
    expect(await engine.describe('SELECT * FROM silver.types')).toEqual(await engine.describe(ALL_TYPES));
    const order = 'ORDER BY a_long NULLS LAST';
    const written = await engine.rows(`SELECT * FROM (${ALL_TYPES}) ${order}`);
    expect(await engine.rows(`SELECT * FROM silver.types ${order}`)).toEqual(written);
    expect(await engine.rows('SELECT epoch_us(a_timestamp) AS t FROM silver.types WHERE a_long > 0')).toEqual(
      [{ t: 1709251199123456 }],
    );
  });

  it('keeps partition values of every kind apart', async () => {
    const { engine, lake } = fixture;
    const texts = [
      'a b',
      'a/b=c',
      '50%',
      '%20',
      'ü',
      'NULL',
      'null',
      "it's",
      '..',
      '?#&+',
      '[a]*',
      '{b}',
      '客户',
      '1',
      '01',
    ];
    await engine.execute('CREATE TEMP TABLE texts (v VARCHAR)');
    for (const text of texts) await engine.execute('INSERT INTO texts VALUES ($text)', { text });
    await engine.execute('INSERT INTO texts VALUES (NULL)');
    const select =
      "SELECT v AS original, v AS part, DATE '2024-01-01' AS day, 3::SMALLINT AS small, true AS flag FROM texts";
    const partitionBy = ['part', 'day', 'small', 'flag'];
    const snapshot = await lake.write('silver.parts', select, plainly('overwrite', { partitionBy }));
    expect(snapshot.files).toHaveLength(texts.length + 1);
    await lake.attach(['silver.parts']);
    const different = await engine.rows('SELECT * FROM silver.parts WHERE original IS DISTINCT FROM part');
    expect(different).toEqual([]);
    const typed =
      "SELECT count(*) AS n FROM silver.parts WHERE day = DATE '2024-01-01' AND small + 1 = 4 AND flag";
    expect(await engine.rows(typed)).toEqual([{ n: texts.length + 1 }]);
    expect(await engine.describe('SELECT * FROM silver.parts')).toEqual(await engine.describe(select));
  });

  it('refuses an empty text as partition value, which others would read as NULL', async () => {
    const write = plainly('overwrite', { partitionBy: ['p'] });
    await expect(fixture.lake.write('silver.t', "SELECT 1 AS id, '' AS p", write)).rejects.toMatchObject({
      code: 'HF207',
      hint: "write NULLIF(p, '') AS p, or partition by another column",
    });
    expect(await filesBelow(fixture.root)).toEqual([]);
  });

  it('appends rows, and overwrites them with other columns', async () => {
    const { lake } = fixture;
    await lake.write('silver.t', 'SELECT 1 AS id, 10 AS x', plainly('overwrite'));
    const appended = await lake.write('silver.t', 'SELECT 20 AS x, 2 AS id', plainly('append'));
    expect(appended).toMatchObject({ version: 1, rows: 2 });
    expect(await rowsOf('silver.t', 'id')).toEqual([
      { id: 1, x: 10 },
      { id: 2, x: 20 },
    ]);
    const replaced = await lake.write('silver.t', "SELECT 'a' AS name", plainly('overwrite'));
    expect(replaced).toMatchObject({ version: 2, rows: 1, id: appended.id });
    expect(await rowsOf('silver.t', 'name')).toEqual([{ name: 'a' }]);
  });

  it('replaces exactly the partitions that occur among the new rows', async () => {
    const { lake } = fixture;
    await lake.write('gold.t', PARTITIONED, plainly('overwrite', { partitionBy: ['month_key'] }));
    const select = "SELECT 100::INTEGER AS id, DATE '2024-02-01' AS month_key UNION ALL SELECT 200, NULL";
    const snapshot = await lake.write('gold.t', select, plainly('replace-partitions'));
    expect(snapshot.rows).toBe(4);
    expect(await lake.snapshot('gold.t')).toEqual(snapshot);
    expect(await rowsOf('gold.t', 'id')).toEqual([
      { id: 0, month_key: '2024-01-01' },
      { id: 1, month_key: '2024-01-01' },
      { id: 100, month_key: '2024-02-01' },
      { id: 200, month_key: null },
    ]);
  });

  it('empties a named partition for which there are no rows', async () => {
    const { lake } = fixture;
    await lake.write('gold.t', PARTITIONED, plainly('overwrite', { partitionBy: ['month_key'] }));
    const nothing = `SELECT * FROM (${PARTITIONED}) WHERE false`;
    const partitions = [{ month_key: '2024-01-01' }, { month_key: null }];
    await lake.write('gold.t', nothing, plainly('replace-partitions', { partitions }));
    expect(await rowsOf('gold.t', 'id')).toEqual([
      { id: 2, month_key: '2024-02-01' },
      { id: 3, month_key: '2024-02-01' },
    ]);
  });

  it('refuses rows outside of the partitions that were named', async () => {
    const { lake } = fixture;
    const partitionBy = ['month_key'];
    await lake.write('gold.t', PARTITIONED, plainly('overwrite', { partitionBy }));
    const before = await dataFilesBelow(fixture.root);
    const partitions = [{ month_key: '2024-01-01' }];
    await expect(
      lake.write('gold.t', PARTITIONED, plainly('replace-partitions', { partitions })),
    ).rejects.toMatchObject({ code: 'HF308' });
    await expect(
      lake.write('gold.t', PARTITIONED, plainly('replace-partitions', { partitions: [{ day: '1' }] })),
    ).rejects.toMatchObject({ code: 'HF308', place: { field: 'day' } });
    expect(await dataFilesBelow(fixture.root)).toEqual(before);
    expect((await lake.snapshot('gold.t')).version).toBe(0);
  });

  it('replaces by some of several partition columns', async () => {
    const { lake } = fixture;
    const select = 'SELECT i::INTEGER AS id, i % 2 AS a, i // 2 AS b FROM range(4) AS r(i)';
    await lake.write('gold.t', select, plainly('overwrite', { partitionBy: ['a', 'b'] }));
    const partitions = [{ a: '1' }];
    await lake.write(
      'gold.t',
      `SELECT * FROM (${select}) WHERE false`,
      plainly('replace-partitions', { partitions }),
    );
    expect(await rowsOf('gold.t', 'id')).toMatchObject([{ id: 0 }, { id: 2 }]);
  });

  it('writes a table without rows that still has its columns', async () => {
    const { lake, engine } = fixture;
    const snapshot = await lake.write(
      'silver.none',
      'SELECT 1::BIGINT AS a WHERE false',
      plainly('overwrite'),
    );
    expect(snapshot).toMatchObject({ rows: 0, files: [] });
    expect(await rowsOf('silver.none', 'a')).toEqual([]);
    expect(await engine.describe('SELECT * FROM silver.none')).toEqual([{ name: 'a', type: 'BIGINT' }]);
    expect(await dataFilesBelow(fixture.root)).toEqual([]);
  });

  it('keeps comments, properties and description until they are given anew', async () => {
    const { lake } = fixture;
    const described = {
      comments: { a: 'the a' },
      properties: { 'holdfast.Owner': 'care' },
      description: 'letters',
    };
    await lake.write('silver.t', 'SELECT 1 AS a, 2 AS b', plainly('overwrite', described));
    const kept = await lake.write('silver.t', 'SELECT 2 AS b, 1 AS a', plainly('overwrite'));
    expect(kept.fields).toEqual([
      { name: 'b', type: 'integer', nullable: true },
      { name: 'a', type: 'integer', nullable: true, comment: 'the a' },
    ]);
    expect(kept).toMatchObject({ properties: { 'holdfast.Owner': 'care' }, description: 'letters' });
    const anew = { comments: { b: 'the b' }, properties: {} };
    const changed = await lake.write('silver.t', 'SELECT 2 AS b, 1 AS a', plainly('append', anew));
    expect(changed.fields.map((field) => field.comment)).toEqual(['the b', undefined]);
    expect(changed.properties).toEqual({});
  });

  it('shows the staged rows before the commit, and leaves nothing of them when the check fails', async () => {
    const { lake, engine } = fixture;
    await lake.write('silver.t', 'SELECT 1 AS id', plainly('overwrite'));
    const before = await filesBelow(fixture.root);
    let seen: unknown;
    const failing = lake.write(
      'silver.t',
      'SELECT 2 AS id UNION ALL SELECT 3',
      plainly('append', {
        beforeCommit: async (staged) => {
          await staged.defineView('staged.t');
          seen = [staged.version, staged.rows, await engine.rows('SELECT * FROM staged.t ORDER BY id')];
          throw new Error('two is not allowed');
        },
      }),
    );
    await expect(failing).rejects.toThrow('two is not allowed');
    expect(seen).toEqual([1, 2, [{ id: 2 }, { id: 3 }]]);
    expect(await filesBelow(fixture.root)).toEqual(before);
    expect((await lake.snapshot('silver.t')).version).toBe(0);
  });

  it('leaves no table behind when the first write fails', async () => {
    const { lake } = fixture;
    await expect(
      lake.write('silver.t', "SELECT error('no') AS x", plainly('overwrite')),
    ).rejects.toMatchObject({
      code: 'HF401',
    });
    expect(await lake.names()).toEqual([]);
    expect(await lake.exists('silver.t')).toBe(false);
    expect(await filesBelow(fixture.root)).toEqual([]);
  });

  it('refuses types that Delta lacks before it writes anything', async () => {
    const { lake } = fixture;
    await expect(
      lake.write('silver.t', 'SELECT sum(i) AS total FROM range(3) AS r(i)', plainly('overwrite')),
    ).rejects.toMatchObject({ code: 'HF305', hint: 'write CAST(total AS BIGINT) AS total' });
    expect(await filesBelow(fixture.root)).toEqual([]);
  });

  it.each([
    ['append', {}, 'SELECT 1 AS id', 'month_key is DATE in the table and not there in the rows'],
    [
      'append',
      {},
      "SELECT 1::BIGINT AS id, DATE '2024-01-01' AS month_key",
      'id is INTEGER in the table and BIGINT',
    ],
    ['append', { partitionBy: [] }, PARTITIONED, 'is partitioned by month_key'],
    [
      'overwrite',
      { partitionBy: ['day'] },
      PARTITIONED,
      'is partitioned by day, which is not among the columns',
    ],
  ] as const)('refuses an %s that does not fit the table (%j)', async (mode, more, select, message) => {
    const { lake } = fixture;
    await lake.write('gold.t', PARTITIONED, plainly('overwrite', { partitionBy: ['month_key'] }));
    await expect(lake.write('gold.t', select, plainly(mode, more))).rejects.toMatchObject({
      code: 'HF308',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses to replace partitions of a table that has none', async () => {
    await expect(
      fixture.lake.write('gold.t', 'SELECT 1 AS id', plainly('replace-partitions')),
    ).rejects.toMatchObject({ code: 'HF308' });
  });

  it('keeps a table that takes appended rows only from being overwritten', async () => {
    const { lake } = fixture;
    const properties = { 'delta.appendOnly': 'true' };
    await lake.write('silver.t', 'SELECT 1 AS id', plainly('overwrite', { properties }));
    await lake.write('silver.t', 'SELECT 2 AS id', plainly('append'));
    await expect(lake.write('silver.t', 'SELECT 3 AS id', plainly('overwrite'))).rejects.toMatchObject({
      code: 'HF308',
    });
  });

  it('lists its tables by layer and leaves other folders alone', async () => {
    const { lake } = fixture;
    expect(await lake.names()).toEqual([]);
    for (const table of ['silver.b', 'gold.a', 'silver.a'])
      await lake.write(table, 'SELECT 1 AS id', plainly('overwrite'));
    expect(await lake.names()).toEqual(['gold.a', 'silver.a', 'silver.b']);
    expect(Object.keys(await lake.attach())).toEqual(['gold.a', 'silver.a', 'silver.b']);
    await expect(lake.snapshot('silver.bb')).rejects.toMatchObject({
      code: 'HF301',
      hint: 'did you mean silver.b?',
    });
    expect(path.isAbsolute(lake.root)).toBe(true);
  });

  it.each(['nodots', '../x.y', 'silver.t; DROP'])('refuses the table name %s', async (name) => {
    await expect(fixture.lake.write(name, 'SELECT 1 AS id', plainly('overwrite'))).rejects.toMatchObject({
      code: 'HF307',
    });
    await expect(fixture.lake.snapshot(name)).rejects.toMatchObject({ code: 'HF307' });
  });
});
