import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Engine, openDuckDb } from '../engine/index.ts';
import { generate, type GenerateOptions } from './index.ts';

let folder: string;
let engine: Engine;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-generate-'));
  await mkdir(path.join(folder, 'generate'));
  engine = await openDuckDb({ threads: 2 });
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, content: string): Promise<void> =>
  writeFile(path.join(folder, 'generate', name), content);

const options = (changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  engine,
  packFolder: folder,
  customers: 100,
  seed: 7,
  from: '2022-08-01',
  to: '2022-10-01',
  outDir: path.join(folder, "it's out"),
  ...changes,
});

test('files run in the order of their names with options and facts as variables and tables', async () => {
  await write(
    'facts.yaml',
    "constants: {price: 1.5, steps: [1, 2.5]}\ntables: {kind: {columns: [name, weight], rows: [[a'b, 2], [c, 0.5]]}}\n",
  );
  await write(
    '20-out.sql',
    '-- @writes made/out.csv\nSELECT n, name, weight FROM base, kind ORDER BY n, name',
  );
  await write(
    '10-base.sql',
    "CREATE TABLE base AS SELECT getvariable('customers') * getvariable('price') + getvariable('steps')[2] AS n",
  );
  const { files } = await generate(options());
  const text = await readFile(path.join(folder, "it's out", 'made', 'out.csv'), 'utf8');
  expect(text).toBe("n,name,weight\n152.5,a'b,2.0\n152.5,c,0.5\n");
  expect(files).toEqual([{ path: 'made/out.csv', rows: 2, bytes: text.length }]);
});

test('a file with @each runs once per row, together with its followers', async () => {
  await write('10-log.sql', 'CREATE TABLE log (n INTEGER)');
  await write(
    '20-turn.sql',
    "-- @each SELECT n, 'x' || n AS label FROM range(3) AS turns(n) ORDER BY n\n-- @with 30-file.sql\nINSERT INTO log SELECT getvariable('n')",
  );
  await write('30-file.sql', '-- @writes part-{label}.parquet\nSELECT n FROM log ORDER BY n');
  const { files } = await generate(options());
  expect(files.map((file) => [file.path, file.rows])).toEqual([
    ['part-x0.parquet', 1],
    ['part-x1.parquet', 2],
    ['part-x2.parquet', 3],
  ]);
});

test('turns of @each_apart have tables of their own, and their files come in the order of the turns', async () => {
  await write('10-base.sql', 'CREATE TABLE base AS SELECT n FROM range(1000) AS numbers(n)');
  await write(
    '20-turn.sql',
    "-- @each_apart SELECT n AS turn, 'x' || n AS label FROM range(9) AS turns(n) ORDER BY n\n-- @with 30-file.sql\nCREATE OR REPLACE TEMPORARY TABLE mine AS SELECT n FROM base WHERE n % 10 = getvariable('turn')",
  );
  await write('30-file.sql', '-- @writes part-{label}.csv\nSELECT count(*) AS n, min(n) AS least FROM mine');
  const { files } = await generate(options());
  expect(files.map((file) => file.path)).toEqual(
    Array.from({ length: 9 }, (_, turn) => `part-x${String(turn)}.csv`),
  );
  for (let turn = 0; turn < 9; turn++)
    expect(await readFile(path.join(folder, "it's out", `part-x${String(turn)}.csv`), 'utf8')).toBe(
      `n,least\n100,${String(turn)}\n`,
    );
});

test('the error of one of the turns of @each_apart is the error of the generation', async () => {
  await write(
    '20-turn.sql',
    "-- @each_apart SELECT n AS turn FROM range(4) AS turns(n) ORDER BY n\nCREATE TEMPORARY TABLE mine AS SELECT CAST(CASE WHEN getvariable('turn') = 2 THEN 'no number' ELSE '1' END AS INTEGER) AS n",
  );
  await expect(generate(options())).rejects.toMatchObject({ code: 'HF401' });
  expect(
    await engine.rows("SELECT schema_name FROM duckdb_schemas() WHERE schema_name = 'generator'"),
  ).toEqual([]);
});

test('the engine is left as it was found', async () => {
  await write('10-base.sql', 'CREATE TABLE base AS SELECT 1 AS n');
  const state = (): Promise<unknown> =>
    engine.rows(
      "SELECT current_schema() AS s, current_setting('threads') AS t, current_setting('preserve_insertion_order') AS p, (SELECT count(*) FROM duckdb_tables()) AS n",
    );
  const before = await state();
  await generate(options());
  expect(await state()).toEqual(before);
});

test('options out of range are refused by name', async () => {
  await write('10-base.sql', 'CREATE TABLE base AS SELECT 1 AS n');
  await expect(generate(options({ customers: 5 }))).rejects.toMatchObject({
    code: 'HF103',
    place: { field: 'customers' },
  });
  await expect(generate(options({ from: '2022-08-15' }))).rejects.toMatchObject({
    code: 'HF103',
    place: { field: 'from' },
  });
  await expect(generate(options({ to: '2022-08-01' }))).rejects.toMatchObject({
    code: 'HF103',
    place: { field: 'to' },
  });
  await expect(generate(options({ seed: 0.5 }))).rejects.toMatchObject({
    code: 'HF103',
    place: { field: 'seed' },
  });
});

test('a pack without a generator is refused', async () => {
  await expect(generate(options({ packFolder: path.join(folder, 'nowhere') }))).rejects.toMatchObject({
    code: 'HF105',
  });
});

test('an unknown directive and a missing follower are refused with the file', async () => {
  await write('10-base.sql', '-- @sometimes yes\nSELECT 1');
  await expect(generate(options())).rejects.toMatchObject({ code: 'HF402' });
  await write('10-base.sql', '-- @with 99-nothing.sql\nCREATE TABLE base AS SELECT 1 AS n');
  await expect(generate(options())).rejects.toMatchObject({ code: 'HF402' });
});

test('facts that are not YAML, or an empty table, are refused', async () => {
  await write('10-base.sql', 'CREATE TABLE base AS SELECT 1 AS n');
  await write('facts.yaml', 'constants: [');
  await expect(generate(options())).rejects.toMatchObject({ code: 'HF104' });
  await write('facts.yaml', 'tables: {kind: {columns: [a, b], rows: [[1]]}}');
  await expect(generate(options())).rejects.toMatchObject({ code: 'HF106', place: { field: 'tables.kind' } });
});
