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

  test('loses customers at the published rate, and more of them once prices are cut', async () => {
    const rateOf = (
      from: string,
      to: string,
    ): string => `SELECT avg(EXISTS (SELECT 1 FROM cease WHERE cease.unique_customer_identifier = info.unique_customer_identifier
      AND cease_placed_date > datevalue AND cease_placed_date <= datevalue + 30)::INTEGER) FROM info WHERE datevalue BETWEEN DATE '${from}' AND DATE '${to}'`;
    const first = await numberOf(rateOf('2022-08-01', '2024-03-01'));
    expect(first).toBeGreaterThan(0.033);
    expect(first).toBeLessThan(0.045);
    expect(await numberOf(rateOf('2024-04-01', '2024-08-01'))).toBeGreaterThan(first);
  });

  test('lets calls and cancelled payments be as frequent as published', async () => {
    const called = (condition: string): string =>
      `SELECT avg(EXISTS (SELECT 1 FROM calls WHERE calls.unique_customer_identifier = info.unique_customer_identifier
      AND event_date BETWEEN datevalue - 30 AND datevalue ${condition})::INTEGER) FROM info WHERE datevalue BETWEEN DATE '2022-09-01' AND DATE '2024-03-01'`;
    expect(Math.abs((await numberOf(called(''))) - 0.0575)).toBeLessThan(0.012);
    expect(Math.abs((await numberOf(called("AND trim(call_type) = 'Loyalty'"))) - 0.018)).toBeLessThan(0.006);
    expect(Math.abs((await numberOf('SELECT avg(contract_dd_cancels) FROM info')) - 0.0384)).toBeLessThan(
      0.012,
    );
  });

  test('lets half of the leavers call in the month before the cease, and few of the others', async () => {
    const called = `SELECT leaves, avg(EXISTS (SELECT 1 FROM calls WHERE calls.unique_customer_identifier = who
        AND event_date BETWEEN day - 30 AND day)::INTEGER) AS share
      FROM (SELECT unique_customer_identifier AS who, min(cease_placed_date) AS day, TRUE AS leaves FROM cease GROUP BY who
        UNION ALL SELECT unique_customer_identifier, max(datevalue), FALSE FROM info
        WHERE unique_customer_identifier NOT IN (SELECT unique_customer_identifier FROM cease) GROUP BY 1)
      GROUP BY leaves ORDER BY leaves`;
    const [stayers, leavers] = await engine.rows(called);
    expect(Math.abs(Number(leavers?.['share']) - 0.512)).toBeLessThan(0.08);
    expect(Number(stayers?.['share'])).toBeLessThan(0.09);
  });

  test('lets use sag without a cliff in the weeks before the cease', async () => {
    const weekly = await engine.rows(`
      SELECT week, avg(megabytes) AS megabytes FROM (
        SELECT who, (day - calendar_date) // 7 AS week, sum(usage_download_mbs::DOUBLE) AS megabytes
        FROM (SELECT unique_customer_identifier AS who, min(cease_placed_date) AS day FROM cease GROUP BY who)
        JOIN traffic ON traffic.unique_customer_identifier = who AND day - calendar_date BETWEEN 0 AND 55
        GROUP BY ALL)
      WHERE week IN (0, 7) GROUP BY week ORDER BY week`);
    const [last, first] = weekly.map((row) => Number(row['megabytes']));
    expect((last ?? 0) / (first ?? 1)).toBeGreaterThan(0.85);
    expect((last ?? 0) / (first ?? 1)).toBeLessThan(1.02);
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

test('what is drawn for a person in one month says nothing about the next', async () => {
  const tools = await readFile(path.join(PACK, 'generate/10-tools.sql'), 'utf8');
  await using own = await openDuckDb({ threads: 2 });
  await own.execute(
    'SET VARIABLE seed = 7; SET VARIABLE warm_up_months = 1; SET VARIABLE "from" = \'2022-08-01\'; SET VARIABLE "to" = \'2024-09-01\'',
  );
  await own.execute(tools);
  const [row] = await own.rows(
    `SELECT avg((draw('plan', person, month + 1) < 0.1)::INTEGER) AS share
     FROM range(5000) AS people(person), range(20) AS months(month) WHERE draw('plan', person, month) < 0.1`,
  );
  expect(Number(row?.['share'])).toBeGreaterThan(0.09);
  expect(Number(row?.['share'])).toBeLessThan(0.11);
});
