import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openDuckDb, type Row } from '../../src/engine/index.ts';
import { generate, type GenerateResult } from '../../src/generate/index.ts';

const PACK = path.join(import.meta.dirname, '../../packs/broadband');
const CUSTOMERS = 1500;

let folder: string;
let engine: Engine;
let written: GenerateResult;

const run = async (outDir: string, threads: number, customers: number, seed = 7): Promise<GenerateResult> => {
  await using own = await openDuckDb({ threads });
  const made = await generate({
    engine: own,
    packFolder: PACK,
    customers,
    seed,
    from: '2022-08-01',
    to: '2024-12-01',
    outDir,
  });
  return made;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-broadband-'));
  written = await run(path.join(folder, 'data'), 2, CUSTOMERS);
  engine = await openDuckDb({ threads: 2 });
  const file = (name: string): string => engine.literal(path.join(folder, 'data', name));
  const text = "header = true, all_varchar = true, nullstr = '', quote = '\"'";
  await engine.execute(`
    CREATE VIEW info AS SELECT * FROM read_parquet(${file('customer_info.parquet')});
    CREATE VIEW traffic AS SELECT * FROM read_parquet(${file('usage/*.parquet')});
    CREATE VIEW calls AS SELECT * REPLACE (event_date::DATE AS event_date) FROM read_csv(${file('calls.csv')}, ${text});
    CREATE VIEW cease AS SELECT * REPLACE (cease_placed_date::DATE AS cease_placed_date) FROM read_csv(${file('cease.csv')}, ${text});`);
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const one = async (sql: string): Promise<Row> => (await engine.rows(sql))[0] ?? {};
const numberOf = async (sql: string): Promise<number> => Number((await one(`SELECT (${sql}) AS n`))['n']);

describe('the broadband generator', () => {
  test('writes the four raw tables with their columns and types', async () => {
    const columns = async (view: string): Promise<string[]> =>
      (await engine.describe(`SELECT * FROM ${view}`)).map((column) => `${column.name} ${column.type}`);
    expect(await columns('info')).toEqual([
      'unique_customer_identifier VARCHAR',
      'datevalue DATE',
      'contract_status VARCHAR',
      'contract_dd_cancels BIGINT',
      'dd_cancel_60_day INTEGER',
      'ooc_days INTEGER',
      'technology VARCHAR',
      'speed INTEGER',
      'line_speed DOUBLE',
      'sales_channel VARCHAR',
      'crm_package_name VARCHAR',
      'tenure_days INTEGER',
    ]);
    expect(await columns('traffic')).toEqual([
      'unique_customer_identifier VARCHAR',
      'calendar_date DATE',
      'usage_download_mbs VARCHAR',
      'usage_upload_mbs VARCHAR',
    ]);
    expect((await columns('calls')).map((column) => column.split(' ')[0])).toEqual([
      'unique_customer_identifier',
      'event_date',
      'call_type',
      'talk_time_seconds',
      'hold_time_seconds',
    ]);
    expect((await columns('cease')).map((column) => column.split(' ')[0])).toEqual([
      'unique_customer_identifier',
      'cease_placed_date',
      'cease_completed_date',
      'reason_description',
      'reason_description_insight',
    ]);
  });

  test('reports the rows and bytes of every file', async () => {
    expect(written.files.map((file) => file.path)).toContain('usage/usage-2022-09.parquet');
    const rows = written.files
      .filter((file) => file.path.startsWith('usage/'))
      .reduce((sum, file) => sum + file.rows, 0);
    expect(rows).toBe(await numberOf('SELECT count(*) FROM traffic'));
    expect(written.files.every((file) => file.bytes > 0)).toBe(true);
  });

  test('names exactly the customers asked for, from the first snapshot to the last', async () => {
    expect(
      await one(
        'SELECT count(DISTINCT unique_customer_identifier)::INTEGER AS customers, count(DISTINCT datevalue)::INTEGER AS months, min(datevalue) AS first, max(datevalue) AS last, min(length(unique_customer_identifier))::INTEGER AS width FROM info',
      ),
    ).toEqual({ customers: CUSTOMERS, months: 29, first: '2022-08-01', last: '2024-12-01', width: 64 });
  });

  test('has the faults of a real delivery', async () => {
    expect(
      await numberOf('SELECT count(*) - count(DISTINCT (unique_customer_identifier, datevalue)) FROM info'),
    ).toBeGreaterThan(0);
    expect(
      await numberOf('SELECT count(*) FROM info WHERE sales_channel <> trim(sales_channel)'),
    ).toBeGreaterThan(0);
    expect(await numberOf('SELECT avg((ooc_days IS NULL)::INTEGER) FROM info')).toBeLessThan(0.02);
    expect(await numberOf('SELECT avg((call_type IS NULL)::INTEGER) FROM calls')).toBeCloseTo(0.028, 1);
    expect(await numberOf("SELECT avg((cease_completed_date = 'null')::INTEGER) FROM cease")).toBeCloseTo(
      0.186,
      1,
    );
    expect(
      await numberOf(
        "SELECT count(*) FROM traffic WHERE NOT regexp_full_match(usage_download_mbs, '[0-9]+[.][0-9]{3}')",
      ),
    ).toBe(0);
    const days = await numberOf('SELECT (SELECT count(*) FROM traffic) / (SELECT count(*) FROM info)');
    expect(days).toBeGreaterThan(18);
    expect(days).toBeLessThan(28);
  });

  test('gives every cease and every call to a customer who is in the snapshots', async () => {
    const strangers = (view: string): string =>
      `SELECT count(*) FROM ${view} WHERE unique_customer_identifier NOT IN (SELECT unique_customer_identifier FROM info)`;
    expect(await numberOf(strangers('calls'))).toBe(0);
    expect(await numberOf(strangers('cease'))).toBe(0);
    expect(await numberOf(strangers('traffic'))).toBe(0);
  });

  test('keeps time: no cease before the customer exists, none completed before it is placed, no snapshot after', async () => {
    const life =
      '(SELECT unique_customer_identifier AS who, min(datevalue) AS first, max(datevalue) AS last, min(datevalue - tenure_days) AS joined FROM info GROUP BY ALL)';
    const joined = `FROM cease JOIN ${life} AS life ON who = unique_customer_identifier`;
    expect(await numberOf(`SELECT count(*) ${joined} WHERE cease_placed_date < joined`)).toBe(0);
    expect(
      await numberOf(
        `SELECT count(*) ${joined} WHERE cease_completed_date <> 'null' AND try_cast(cease_completed_date AS DATE) < cease_placed_date`,
      ),
    ).toBe(0);
    expect(
      await numberOf(
        `SELECT count(*) ${joined} WHERE cease_completed_date <> 'null' AND last >= try_cast(cease_completed_date AS DATE)`,
      ),
    ).toBe(0);
    expect(
      await numberOf(
        "SELECT count(*) FROM calls WHERE event_date NOT BETWEEN DATE '2022-08-01' AND DATE '2024-12-01'",
      ),
    ).toBe(0);
    expect(
      await numberOf(
        "SELECT count(*) FROM traffic WHERE calendar_date NOT BETWEEN DATE '2022-09-01' AND DATE '2024-12-01'",
      ),
    ).toBe(0);
  });

  test('lets tenure advance by the days that pass', async () => {
    expect(
      await numberOf(
        'SELECT count(*) FROM (SELECT count(DISTINCT datevalue - tenure_days) AS n FROM info GROUP BY unique_customer_identifier) WHERE n <> 1',
      ),
    ).toBe(0);
  });

  test('loses customers at a plausible rate', async () => {
    const rate =
      await numberOf(`SELECT avg(EXISTS (SELECT 1 FROM cease WHERE cease.unique_customer_identifier = info.unique_customer_identifier
      AND cease_placed_date > datevalue AND cease_placed_date <= datevalue + 30)::INTEGER) FROM info WHERE datevalue < DATE '2024-11-01'`);
    expect(rate).toBeGreaterThan(0.025);
    expect(rate).toBeLessThan(0.06);
  });
});

test('the same seed gives the same bytes on one thread and on three, another seed gives others', async () => {
  const digest = async (name: string, threads: number, seed: number): Promise<string> => {
    const { files } = await run(path.join(folder, name), threads, 500, seed);
    const hash = createHash('sha256');
    for (const file of files)
      hash.update(file.path).update(await readFile(path.join(folder, name, file.path)));
    return hash.digest('hex');
  };
  const single = await digest('one', 1, 3);
  expect(await digest('three', 3, 3)).toBe(single);
  expect(await digest('other', 2, 4)).not.toBe(single);
});
