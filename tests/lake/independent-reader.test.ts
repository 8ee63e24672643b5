/**
 * Tables of Holdfast as delta-rs sees them, and the other way round. delta-rs comes from PyPI and is
 * no part of Holdfast: without the project's Python environment these tests are skipped, audibly.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('delta_rs.py', import.meta.url));
const isMissing = !existsSync(PYTHON);
if (isMissing)
  console.warn(`skipped: the tests with delta-rs need ${PYTHON}; make it with: node tools/python-env.mjs`);

interface ReadByDeltaRs {
  version: number;
  protocol: number[];
  id: string;
  description: string | null;
  configuration: Record<string, string>;
  partitionColumns: string[];
  schema: { fields: { name: string; type: unknown }[] };
  rows: Record<string, unknown>[];
  history: Record<string, unknown>[];
}

const run = promisify(execFile);

const deltaRs = async (command: string, folder: string, ...rest: string[]): Promise<string> =>
  (await run(PYTHON, [SCRIPT, command, folder, ...rest], { maxBuffer: 1e8 })).stdout;

const readByDeltaRs = async (folder: string, ...rest: string[]): Promise<ReadByDeltaRs> =>
  JSON.parse(await deltaRs('read', folder, ...rest)) as ReadByDeltaRs;

describe.skipIf(isMissing)('delta-rs and Holdfast', () => {
  let fixture: LakeFixture;
  let folder: string;

  beforeEach(async () => {
    // delta-rs itself does not find its way in folders with a percent sign or an asterisk.
    fixture = await openLakeFixture('holdfast-lake-');
    folder = path.join(fixture.root, 'silver', 't');
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  it('agree on a table in parts, of which one is a copied file, with an instant as partition value', async () => {
    const source = path.join(fixture.root, 'delivered.parquet');
    await mkdir(fixture.root, { recursive: true });
    await fixture.engine.execute(
      `COPY (SELECT 1 AS a UNION ALL SELECT 2) TO ${fixture.engine.literal(source)} (FORMAT parquet)`,
    );
    const { size } = await stat(source);
    const columns =
      'SELECT CAST(NULL AS INTEGER) AS a, CAST(NULL AS TIMESTAMPTZ) AS taken_at, CAST(NULL AS VARCHAR) AS file';
    const partition = { taken_at: '2026-01-02 03:04:05.678000', file: 'usage/a b=1.parquet' };
    const write = { mode: 'append', partitionBy: ['taken_at', 'file'], info: { runId: 'r' } } as const;
    await fixture.lake.write('silver.t', columns, {
      ...write,
      parts: [{ partition, select: '', copyOf: { path: source, rows: 2, bytes: size } }],
    });
    const snapshot = await fixture.lake.write('silver.t', columns, {
      ...write,
      parts: [{ partition: { ...partition, file: 'x.csv' }, select: 'SELECT 3 AS a' }],
    });
    expect(snapshot.rows).toBe(3);
    await fixture.lake.attach(['silver.t']);
    const rows = await fixture.engine.rows('SELECT a, taken_at, file FROM silver.t ORDER BY a');
    expect(rows).toEqual([
      { a: 1, taken_at: '2026-01-02T03:04:05.678Z', file: 'usage/a b=1.parquet' },
      { a: 2, taken_at: '2026-01-02T03:04:05.678Z', file: 'usage/a b=1.parquet' },
      { a: 3, taken_at: '2026-01-02T03:04:05.678Z', file: 'x.csv' },
    ]);
    const seen = await readByDeltaRs(folder);
    expect(seen.rows.map((row) => row['a']).sort()).toEqual([1, 2, 3]);
    expect(new Set(seen.rows.map((row) => row['file']))).toEqual(new Set(['usage/a b=1.parquet', 'x.csv']));
    for (const row of seen.rows) expect(String(row['taken_at'])).toContain('2026-01-02');
  });

  it('agree on every type, partition value, property and comment of a table of Holdfast', async () => {
    const select = `
      SELECT 9007199254740993::BIGINT AS a_long, 1::INTEGER AS an_integer, -5::SMALLINT AS a_short, 7::TINYINT AS a_byte,
             'text' AS a_string, 1.5::FLOAT AS a_float, 0.1::DOUBLE AS a_double, true AS a_boolean,
             DATE '2024-02-29' AS a_date, TIMESTAMPTZ '2024-02-29 23:59:59.123456+00' AS a_timestamp,
             CAST(1.50 AS DECIMAL(10,2)) AS a_decimal, 'bytes'::BLOB AS a_binary,
             ['x', NULL] AS a_list, {'x': 1, 'y': ['z']} AS a_struct, MAP {'k': 1} AS a_map,
             'é a/b=c%20 ''"' AS part, DATE '2024-03-01' AS day
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`;
    const snapshot = await fixture.lake.write('silver.t', select, {
      mode: 'overwrite',
      partitionBy: ['part', 'day'],
      comments: { a_long: 'a "long" one' },
      properties: { 'holdfast.owner': 'care' },
      description: 'all types',
      info: { runId: 'run-7', inputs: { 'bronze.s': 3 } },
    });
    const seen = await readByDeltaRs(folder);
    expect(seen).toMatchObject({
      version: 0,
      protocol: [1, 2],
      id: snapshot.id,
      description: 'all types',
      configuration: { 'holdfast.owner': 'care' },
      partitionColumns: ['part', 'day'],
    });
    const { fields } = seen.schema;
    expect(fields.map(({ name, type }) => ({ name, type }))).toEqual(
      snapshot.fields.map(({ name, type }) =>
        typeof type === 'string'
          ? { name, type }
          : { name, type: expect.objectContaining({ type: type.type }) as unknown },
      ),
    );
    expect(fields[0]).toMatchObject({ metadata: { comment: 'a "long" one' } });
    const [full, empty] = [...seen.rows].sort((a) => (a['a_long'] === null ? 1 : -1));
    expect(full).toEqual({
      a_long: 9007199254740992, // JSON.parse rounds it; the text is compared below
      an_integer: 1,
      a_short: -5,
      a_byte: 7,
      a_string: 'text',
      a_float: 1.5,
      a_double: 0.1,
      a_boolean: true,
      a_date: '2024-02-29',
      a_timestamp: '2024-02-29T23:59:59.123456+00:00',
      a_decimal: '1.50',
      a_binary: 'bytes',
      a_list: ['x', null],
      a_struct: { x: 1, y: ['z'] },
      a_map: [['k', 1]],
      part: 'é a/b=c%20 \'"',
      day: '2024-03-01',
    });
    expect(Object.values(empty ?? { a: 1 }).every((value) => value === null)).toBe(true);
    expect(await deltaRs('read', folder)).toContain('9007199254740993');
    expect(seen.history[0]).toMatchObject({
      operation: 'WRITE',
      holdfast: { runId: 'run-7', inputs: { 'bronze.s': 3 } },
    });
  });

  it('agree on every version of a table whose columns and partitions were replaced', async () => {
    const { lake, engine } = fixture;
    await lake.write('silver.t', "SELECT 1 AS i, 'a' AS part UNION ALL SELECT 2, 'b'", {
      ...plainly('overwrite', { partitionBy: ['part'] }),
    });
    await lake.write('silver.t', "SELECT 3 AS i, 'b' AS part", plainly('replace-partitions'));
    const emptied = plainly('replace-partitions', { partitions: [{ part: 'a' }] });
    await lake.write('silver.t', "SELECT 1 AS i, 'a' AS part WHERE false", emptied);
    await lake.write('silver.t', 'SELECT 0.5::DOUBLE AS x', plainly('overwrite'));
    await lake.write('silver.t', 'SELECT 0.5::DOUBLE AS x WHERE false', plainly('overwrite'));
    for (let version = 0; version <= 4; version++) {
      const snapshot = await lake.snapshot('silver.t', version);
      await lake.attach(['silver.t'], { 'silver.t': version });
      const ours = await engine.rows('SELECT * FROM silver.t ORDER BY 1');
      const seen = await readByDeltaRs(folder, String(version));
      const [key = ''] = snapshot.fields.map((field) => field.name);
      expect(seen.rows.sort((a, b) => Number(a[key]) - Number(b[key]))).toEqual(ours);
      expect(seen.partitionColumns).toEqual(snapshot.partitionColumns);
      expect(seen.id).toBe(snapshot.id);
    }
  });

  it('agree on a table of which only the checkpoint and the last commits are left', async () => {
    const properties = { 'x.y': 'z' };
    for (let version = 0; version <= 12; version++) {
      const part = version % 3 === 0 ? 'NULL' : `'é/${String(version % 3)}'`;
      const select = `SELECT ${String(version)} AS i, CAST(${part} AS VARCHAR) AS part`;
      const write = plainly('replace-partitions', { partitionBy: ['part'], properties });
      await fixture.lake.write('silver.t', select, write);
    }
    const whole = await readByDeltaRs(folder);
    const log = path.join(folder, '_delta_log');
    for (const name of await readdir(log)) if (/^0+\d\.json$/.test(name)) await rm(path.join(log, name));
    const left = await readByDeltaRs(folder);
    expect({ ...left, history: [] }).toEqual({ ...whole, history: [] });
    expect(left.version).toBe(12);
    expect(left.rows.map((row) => row['i']).sort()).toEqual([10, 11, 12]);
    expect((await readByDeltaRs(folder, '10')).rows.map((row) => row['i']).sort()).toEqual([10, 8, 9]);
  });

  it('write to the same table in turn', async () => {
    const { lake, engine } = fixture;
    await lake.write(
      'silver.t',
      "SELECT 1 AS i, 'ours' AS part",
      plainly('overwrite', { partitionBy: ['part'] }),
    );
    await deltaRs('append', folder);
    const snapshot = await lake.snapshot('silver.t');
    expect(snapshot).toMatchObject({ version: 1, rows: 2 });
    await lake.write('silver.t', "SELECT 2 AS i, 'rs' AS part", plainly('replace-partitions'));
    await deltaRs('append', folder);
    await lake.attach();
    expect(await engine.rows('SELECT * FROM silver.t ORDER BY i')).toEqual([
      { i: 1, part: 'ours' },
      { i: 2, part: 'rs' },
      { i: 99, part: 'rs' },
    ]);
    const history = await lake.history('silver.t');
    expect(history.map((commit) => [commit.rowsAdded, commit.rowsRemoved])).toEqual([
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 0],
    ]);
  });

  it('agree on a partitioned table of delta-rs whose log begins with a checkpoint', async () => {
    await mkdir(folder, { recursive: true });
    await deltaRs('write', folder);
    const { lake, engine } = fixture;
    const commits = (await readdir(path.join(folder, '_delta_log'))).filter((name) => name.endsWith('.json'));
    expect(commits).not.toContain('00000000000000000000.json');
    const snapshot = await lake.snapshot('silver.t');
    expect(snapshot).toMatchObject({ version: 11, rows: 12, partitionColumns: ['part', 'day'] });
    expect(snapshot.fields.map((field) => field.type)).toEqual([
      'long',
      'string',
      'date',
      'timestamp',
      'decimal(10,2)',
      { type: 'array', elementType: 'string', containsNull: true },
    ]);
    await lake.attach();
    const ours = await engine.rows(
      'SELECT i, part, day, CAST(money AS VARCHAR) AS money, tags FROM silver.t ORDER BY i',
    );
    const theirs = (await readByDeltaRs(folder)).rows.sort((a, b) => Number(a['i']) - Number(b['i']));
    expect(ours).toEqual(theirs.map(({ i, part, day, money, tags }) => ({ i, part, day, money, tags })));
    expect(await engine.rows('SELECT DISTINCT t.at FROM silver.t AS t')).toEqual([
      { at: '2024-02-29T23:59:59.123Z' },
    ]);
    await expect(lake.snapshot('silver.t', 3)).rejects.toMatchObject({ code: 'HF302' });
    const next = await lake.write(
      'silver.t',
      `SELECT * FROM silver.t WHERE part IS NULL`,
      plainly('replace-partitions'),
    );
    expect(next).toMatchObject({ version: 12, rows: 12 });
    expect((await readByDeltaRs(folder)).rows).toHaveLength(12);
  });

  it('agree on a timestamp without zone, which Holdfast reads but does not write', async () => {
    await mkdir(folder, { recursive: true });
    await deltaRs('naive', folder);
    const { lake, engine } = fixture;
    await lake.attach();
    expect(await engine.rows('SELECT CAST(t.at AS VARCHAR) AS text FROM silver.t AS t')).toEqual([
      { text: '2024-01-01 12:30:00' },
    ]);
    await expect(lake.write('silver.t', 'SELECT now() AS "at"', plainly('overwrite'))).rejects.toMatchObject({
      code: 'HF308',
    });
  });
});
