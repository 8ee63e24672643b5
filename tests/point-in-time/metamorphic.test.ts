/**
 * Features at T stay the same to the bit when everything at or after T is changed, added or deleted, except
 * the customer's own snapshot at T. Packs that look ahead show that the comparison notices.
 */
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../src/engine/index.ts';
import { generate } from '../../src/generate/index.ts';
import { byCustomerAndDate } from '../support/broadband.ts';
import { copyPack, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const SHIPPED_PACK = path.join(import.meta.dirname, '../../packs/broadband');
const FIRST = '2023-10-01';
const LAST = '2024-08-01';
const OBSERVED_TO = '2024-08-31';

/** Writes the generator's four tables into the landing folder. */
async function landGenerated(workspace: TestWorkspace): Promise<void> {
  await workspace.withContext(async ({ engine }) => {
    await generate({
      engine,
      packFolder: SHIPPED_PACK,
      customers: 300,
      seed: 5,
      from: FIRST,
      to: LAST,
      outDir: workspace.landing,
    });
  });
}

/**
 * Writes the tables of `from` into the landing folder of `to`, with another future from T on: rows are
 * changed, dropped and added, completion dates that were filled in on T or later are moved or taken back.
 */
async function landAnotherFuture(from: TestWorkspace, to: TestWorkspace, date: string): Promise<void> {
  await mkdir(path.join(to.landing, 'usage'));
  await to.withContext(async ({ engine }) => {
    const given = (name: string): string => engine.literal(path.join(from.landing, name));
    const csv = (name: string): string =>
      `read_csv([${given(name)}], header = true, all_varchar = true, nullstr = '', quote = '"')`;
    const write = (name: string, options: string, select: string): Promise<void> =>
      engine.execute(`COPY (${select}) TO ${engine.literal(path.join(to.landing, name))} (${options})`);
    const day = `CAST(${engine.literal(date)} AS DATE)`;
    await engine.execute(`
      CREATE OR REPLACE TEMPORARY TABLE customers AS
      SELECT DISTINCT trim(unique_customer_identifier) AS id FROM read_parquet([${given('customer_info.parquet')}]);`);
    await write(
      'customer_info.parquet',
      'FORMAT parquet',
      `WITH given AS (SELECT * FROM read_parquet([${given('customer_info.parquet')}]))
       SELECT * FROM given WHERE datevalue <= ${day}
       UNION ALL
       SELECT * REPLACE ('06 OOC' AS contract_status, 7 AS contract_dd_cancels, 3 AS dd_cancel_60_day,
         coalesce(ooc_days, 0) + 777 AS ooc_days, 'MPF' AS technology, 2000 AS speed, 1.5 AS line_speed,
         'Field' AS sales_channel, tenure_days + 3000 AS tenure_days)
       FROM given WHERE datevalue > ${day} AND hash(unique_customer_identifier, datevalue) % 3 <> 0
       UNION ALL
       SELECT * REPLACE (datevalue + 13 AS datevalue, 1 AS speed) FROM given WHERE datevalue = ${day}`,
    );
    await write(
      'usage/usage.parquet',
      'FORMAT parquet',
      `WITH given AS (SELECT * FROM read_parquet([${given('usage/*.parquet')}]))
       SELECT * FROM given WHERE calendar_date < ${day}
       UNION ALL
       SELECT * REPLACE ('98765.432' AS usage_download_mbs) FROM given
       WHERE calendar_date >= ${day} AND hash(unique_customer_identifier, calendar_date) % 2 = 0
       UNION ALL
       SELECT id, ${day} + CAST(ahead AS INTEGER), '54321', '1234' FROM customers, range(0, 3) AS days(ahead)`,
    );
    await write(
      'calls.csv',
      'FORMAT csv, HEADER true',
      `WITH given AS (SELECT * FROM ${csv('calls.csv')})
       SELECT * FROM given WHERE CAST(event_date AS DATE) < ${day}
       UNION ALL
       SELECT * REPLACE ('Loyalty' AS call_type, '4321' AS talk_time_seconds) FROM given
       WHERE CAST(event_date AS DATE) >= ${day} AND hash(unique_customer_identifier, event_date) % 2 = 0
       UNION ALL
       SELECT id, CAST(${day} + CAST(ahead AS INTEGER) AS VARCHAR), 'Complaints', '1111', '999'
       FROM customers, range(0, 2) AS days(ahead)`,
    );
    await write(
      'cease.csv',
      'FORMAT csv, HEADER true',
      `WITH given AS (SELECT * FROM ${csv('cease.csv')})
       SELECT * REPLACE (
         CASE
           WHEN coalesce(try_cast(trim(cease_completed_date) AS DATE), DATE '9999-01-01') < ${day} THEN cease_completed_date
           WHEN hash(unique_customer_identifier) % 2 = 0 THEN 'null'
           ELSE CAST(${day} + 1 AS VARCHAR)
         END AS cease_completed_date)
       FROM given WHERE CAST(cease_placed_date AS DATE) < ${day}
       UNION ALL
       SELECT id, CAST(${day} AS VARCHAR), CAST(${day} + 2 AS VARCHAR), 'another future', 'Other' FROM customers`,
    );
  });
}

type Features = ReadonlyMap<string, Row>;

const featuresOf = async (workspace: TestWorkspace): Promise<Features> =>
  byCustomerAndDate(await workspace.rows('SELECT * FROM gold.churn_features'));

/** Names of columns that differ, or rows that are on one side only, at dates within the bounds. */
function differences(
  one: Features,
  other: Features,
  within: (date: string) => boolean,
): { readonly rows: number; readonly columns: readonly string[] } {
  const columns = new Set<string>();
  let rows = 0;
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    if (!within(key.slice(-10))) continue;
    const [left, right] = [one.get(key), other.get(key)];
    if (left === undefined || right === undefined) {
      columns.add('(a row of its own)');
      rows += 1;
      continue;
    }
    const names = Object.keys({ ...left, ...right }).filter((name) => !Object.is(left[name], right[name]));
    for (const name of names) columns.add(name);
    if (names.length > 0) rows += 1;
  }
  return { rows, columns: [...columns].sort() };
}

describe('features at T', () => {
  let given: TestWorkspace;
  let features: Features;
  const opened: TestWorkspace[] = [];
  const open = async (): Promise<TestWorkspace> => {
    const workspace = await openWorkspace({ settings: { 'time.observed_to': OBSERVED_TO } });
    opened.push(workspace);
    return workspace;
  };

  beforeAll(async () => {
    given = await open();
    await landGenerated(given);
    await given.run({ to: 'build' });
    features = await featuresOf(given);
  });
  afterAll(async () => {
    for (const workspace of opened) await workspace[Symbol.asyncDispose]();
  });

  test.each(['2024-03-01', LAST])('do not change with what happens from %s on', async (date) => {
    const changed = await open();
    await landAnotherFuture(given, changed, date);
    await changed.run({ to: 'build' });
    const other = await featuresOf(changed);
    expect([...features.keys()].filter((key) => key.endsWith(date)).length).toBeGreaterThan(100);
    expect(differences(features, other, (found) => found <= date)).toEqual({ rows: 0, columns: [] });

    const later = differences(features, other, (found) => found > date);
    expect(later.rows).toBeGreaterThan(100);
    // The other future touches every source: each feature of a later date that both have would show it.
    if (date !== LAST)
      expect(later.columns).toEqual(
        expect.arrayContaining([
          'speed',
          'calls_30d',
          'avg_talk_time',
          'monthly_total_mb',
          'prior_cease_count',
        ]),
      );
  });

  describe('of a pack that looks ahead', () => {
    const DATE = '2024-06-01';
    let changed: TestWorkspace;

    beforeAll(async () => {
      changed = await open();
      await landAnotherFuture(given, changed, DATE);
      await changed.run({ to: 'ingest' });
    });

    /** Builds both workspaces with a pack that differs in one place, and compares up to T. */
    const compare = async (file: string, from: string, to: string): Promise<readonly string[]> => {
      await using pack = await copyPack();
      await pack.replace(file, from, to);
      const found: Features[] = [];
      for (const workspace of [given, changed]) {
        await workspace.run({ from: 'build', to: 'build' }, { pack: pack.folder });
        found.push(await featuresOf(workspace));
      }
      const [one, other] = found as [Features, Features];
      expect(differences(one, other, (date) => date < '2024-05-01').columns).not.toContain(
        '(a row of its own)',
      );
      return differences(one, other, (date) => date <= DATE).columns;
    };

    test('change where it sees events of T itself', async () => {
      const columns = await compare(
        'sql/silver/calls.sql',
        'CAST(event_date AS DATE) AS event_date',
        'add_days(event_date, -1) AS event_date',
      );
      expect(columns).toEqual(
        expect.arrayContaining(['calls_30d', 'complaint_calls_90d', 'days_since_last_call']),
      );
      expect(columns).not.toContain('monthly_total_mb');
    });

    test('change where it looks at other snapshots of the customer', async () => {
      const columns = await compare(
        'sql/gold/churn_features.sql',
        '    snapshot.speed,\n',
        '    max(snapshot.speed) OVER (PARTITION BY spine.unique_customer_identifier) AS speed,\n',
      );
      expect(columns).toEqual(['speed']);
    });

    test('change where it takes the month that starts at T for the last one', async () => {
      const columns = await compare(
        'sql/silver/usage_monthly.sql',
        '    month_key, -- first day of the month\n    CAST(last_day(month_key) AS DATE) AS available_on,',
        '    add_calendar_months(month_key, -1) AS month_key,\n    add_days(month_key, -1) AS available_on,',
      );
      expect(columns).toEqual(expect.arrayContaining(['monthly_total_mb', 'active_days_in_month']));
      expect(columns).not.toContain('calls_30d');
    });
  });
});
