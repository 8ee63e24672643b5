import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import { call, cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { seededRandom } from '../support/random.ts';
import { type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const CUSTOMERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'];
const BEGIN = '2024-01-01';

/** A day's volumes in thousandths of a megabyte, null where the source has no number. */
interface Day {
  readonly customer: string;
  readonly date: string;
  readonly download: number | null;
  readonly upload: number | null;
}

/** Days of three months with gaps, repeated days, missing values and every size of volume. */
function randomDays(): Day[] {
  const random = seededRandom(11);
  const volume = (): number | null =>
    random.chance(0.04) ? null : random.whole(0, random.pick([10, 90_000, 45_000_000]));
  const days: Day[] = [];
  for (const customer of CUSTOMERS) {
    for (const [month, length] of [
      ['2024-01', 31],
      ['2024-02', 29],
      ['2024-03', 31],
    ] as const) {
      for (let day = 1; day <= length; day += 1) {
        const deliveries = random.chance(0.25) ? 0 : random.chance(0.05) ? 2 : 1;
        const date = `${month}-${String(day).padStart(2, '0')}`;
        for (let delivery = 0; delivery < deliveries; delivery += 1)
          days.push({ customer, date, download: volume(), upload: volume() });
      }
    }
  }
  return days;
}

const asText = (thousandths: number | null): string =>
  thousandths === null ? 'null' : (thousandths / 1000).toFixed(3);

const landed = (days: readonly Day[]): InlineRow[] =>
  days.map(({ customer, date, download, upload }) => usage(customer, date, asText(download), asText(upload)));

/** Sums, means and extremes of a month, added up one by one: the volumes are whole numbers here. */
function monthlyByHand(days: readonly Day[], customer: string, month: string): Row {
  const ofMonth = days.filter((day) => day.customer === customer && day.date.startsWith(month));
  const dates = [...new Set(ofMonth.map(({ date }) => date))];
  const largest = (date: string, value: (day: Day) => number | null): number | null => {
    const values = ofMonth.filter((day) => day.date === date).map(value);
    const known = values.filter((item): item is number => item !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  const known = (value: (day: Day) => number | null): number[] =>
    dates.map((date) => largest(date, value)).filter((item): item is number => item !== null);
  const downloads = known(({ download }) => download);
  const uploads = known(({ upload }) => upload);
  const totals = known(({ download, upload }) =>
    download === null || upload === null ? null : download + upload,
  );
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const mean = sum(totals) / totals.length;
  const squares = sum(totals.map((total) => (total - mean) ** 2));
  const orNull = (values: readonly number[], result: number): number | null =>
    values.length === 0 ? null : result / 1000;
  return {
    active_days: dates.length,
    daily_rows: ofMonth.length,
    download_mbs_sum: orNull(downloads, sum(downloads)),
    upload_mbs_sum: orNull(uploads, sum(uploads)),
    total_mbs_sum: orNull(totals, sum(totals)),
    download_mbs_mean: orNull(downloads, sum(downloads) / downloads.length),
    total_mbs_mean: orNull(totals, mean),
    total_mbs_stddev: totals.length < 2 ? null : Math.sqrt(squares / (totals.length - 1)) / 1000,
    total_mbs_max: orNull(totals, Math.max(...totals)),
    total_mbs_min: orNull(totals, Math.min(...totals)),
  };
}

describe('the silver tables of the broadband pack', () => {
  const days = randomDays();
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await openWorkspace();
    await landBroadband(
      workspace,
      {
        snapshots: [snapshot('A', '2024-03-01')],
        calls: [call('A', '2024-02-01')],
        ceases: [cease('A', '2024-03-03')],
        usage: landed(days),
      },
      BEGIN,
    );
    await workspace.run({ to: 'build' });
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('usage_monthly equals sums, means, deviations, counts and extremes taken one by one', async () => {
    const rows = await workspace.rows(
      `SELECT * FROM silver.usage_monthly WHERE unique_customer_identifier <> 'nobody'
       ORDER BY unique_customer_identifier, month_key`,
    );
    expect(rows).toHaveLength(CUSTOMERS.length * 3);
    for (const row of rows) {
      const customer = textOf(row['unique_customer_identifier']);
      const month = textOf(row['month_key']).slice(0, 7);
      for (const [name, expected] of Object.entries(monthlyByHand(days, customer, month))) {
        const label = `${name} of ${customer} in ${month}`;
        if (expected === null) expect(row[name], label).toBeNull();
        // A double holds 15 digits: what is exact in SQL is added up in whole numbers here.
        else {
          const tolerance = 1e-12 * Math.max(1, Number(expected));
          expect(Math.abs(Number(row[name]) - Number(expected)), label).toBeLessThan(tolerance);
        }
      }
    }
  });

  test('usage_monthly has whole-number sums to the last bit', async () => {
    const rows = await workspace.rows('SELECT * FROM silver.usage_monthly');
    for (const row of rows) {
      const customer = textOf(row['unique_customer_identifier']);
      if (customer === 'nobody') continue;
      const expected = monthlyByHand(days, customer, textOf(row['month_key']).slice(0, 7));
      for (const name of ['active_days', 'daily_rows', 'download_mbs_sum', 'upload_mbs_sum', 'total_mbs_sum'])
        expect(row[name]).toBe(expected[name]);
    }
  });

  test('tables have the columns and types that features and people rely on', async () => {
    const columns = await workspace.withContext(async ({ lake, engine }) => {
      await lake.attach();
      const described: Record<string, string> = {};
      for (const table of ['customer_info', 'usage_daily', 'usage_monthly', 'calls', 'cease'])
        described[table] = (await engine.describe(`SELECT * FROM silver.${table}`))
          .map(({ name, type }) => `${name} ${type}`)
          .join(', ');
      return described;
    });
    const id = 'unique_customer_identifier VARCHAR';
    expect(columns).toEqual({
      customer_info:
        `${id}, datevalue DATE, contract_status VARCHAR, contract_status_ord INTEGER, contract_dd_cancels BIGINT, ` +
        'dd_cancel_60_day INTEGER, ooc_days INTEGER, technology VARCHAR, speed INTEGER, line_speed DOUBLE, ' +
        'speed_gap_pct DOUBLE, sales_channel VARCHAR, crm_package_name VARCHAR, tenure_days INTEGER, tenure_bucket VARCHAR',
      usage_daily: `${id}, calendar_date DATE, usage_download_mbs DOUBLE, usage_upload_mbs DOUBLE, usage_total_mbs DOUBLE, month_key DATE`,
      usage_monthly:
        `${id}, month_key DATE, available_on DATE, active_days INTEGER, daily_rows INTEGER, download_mbs_sum DOUBLE, ` +
        'upload_mbs_sum DOUBLE, total_mbs_sum DOUBLE, download_mbs_mean DOUBLE, total_mbs_mean DOUBLE, ' +
        'total_mbs_stddev DOUBLE, total_mbs_max DOUBLE, total_mbs_min DOUBLE',
      calls:
        `${id}, event_date DATE, call_type VARCHAR, talk_time_seconds DOUBLE, hold_time_seconds DOUBLE, ` +
        'is_loyalty_call INTEGER, is_complaint_call INTEGER, is_tech_call INTEGER',
      cease:
        `${id}, cease_placed_date DATE, cease_completed_date DATE, is_completed INTEGER, cease_month DATE, ` +
        'reason_description VARCHAR, reason_description_insight VARCHAR',
    });
  });

  test('usage_daily is partitioned by month', async () => {
    const snapshot = await workspace.withContext(({ lake }) => lake.snapshot('silver.usage_daily'));
    expect(snapshot.partitionColumns).toEqual(['month_key']);
    expect(new Set(snapshot.files.map(({ partition }) => partition['month_key']))).toEqual(
      new Set(['2024-01-01', '2024-02-01', '2024-03-01']),
    );
  });

  test('bronze keeps what was delivered as it was delivered', async () => {
    const [row] = await workspace.rows(
      "SELECT *, _ingested_at IS NOT NULL AS stamped FROM bronze.raw_cease WHERE unique_customer_identifier = 'A'",
    );
    expect(row).toMatchObject({
      cease_completed_date: 'null',
      reason_description_insight: 'CompetitorDeals',
      _source_file: 'cease.csv',
      stamped: true,
    });
  });
});
