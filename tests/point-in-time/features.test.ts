/** Hand-made histories at the borders of feature windows. T is 2024-03-01 unless a test says otherwise. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import { byCustomerAndDate, call, cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { copyPack, type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const T = '2024-03-01';

const CALLS: readonly InlineRow[] = [
  call('calls around T', T, { talk_time_seconds: 9000, hold_time_seconds: 9000 }),
  call('calls around T', '2024-02-29', { call_type: 'Tech', talk_time_seconds: 100, hold_time_seconds: 10 }),
  call('call on T', T),
  call('call on T-1', '2024-02-29'),
  call('call on T-30', '2024-01-31'),
  call('call on T-31', '2024-01-30'),
  call('call on T-90', '2023-12-02', { call_type: 'Loyalty' }),
  call('call on T-91', '2023-12-01', { call_type: 'Loyalty' }),
  call('call on T-180', '2023-09-03'),
  call('call on T-181', '2023-09-02'),
  call('departments', '2024-02-01', {
    call_type: 'Loyalty',
    talk_time_seconds: 100,
    hold_time_seconds: null,
  }),
  call('departments', '2024-01-01', {
    call_type: 'Complaints',
    talk_time_seconds: 200,
    hold_time_seconds: 30,
  }),
  call('departments', '2024-01-01', { call_type: 'Tech', talk_time_seconds: null, hold_time_seconds: 90 }),
  call('departments', '2023-10-01', { call_type: 'Tech', talk_time_seconds: 500, hold_time_seconds: 0 }),
  call('departments', '2023-11-01', { call_type: null, talk_time_seconds: null, hold_time_seconds: null }),
  call('call without durations', '2024-02-01', { talk_time_seconds: null, hold_time_seconds: null }),
];

const CEASES: readonly InlineRow[] = [
  cease('cease on T', T),
  cease('cease on T-1', '2024-02-29'),
  cease('several ceases', '2021-03-01', '2021-03-20'),
  cease('several ceases', '2023-03-01', '2023-03-20'),
  cease('several ceases', '2024-03-02'),
  cease('completion filled in later', '2024-02-10', T),
  cease('ordered open and completed later', '2024-02-10', 'null'),
  cease('ordered open and completed later', '2024-02-10', '2024-03-20'),
];

const USAGE: readonly InlineRow[] = [
  usage('usage on T only', T, 500),
  usage('usage on the last day before T', '2024-02-29', 500, 20),
  usage('usage in the month of T too', '2024-02-10', 10, 2),
  usage('usage in the month of T too', '2024-02-11', 30, 4),
  usage('usage in the month of T too', T, 90_000),
  usage('usage in the month of T too', '2024-03-31', 90_000),
  usage('four months', '2023-11-05', 40, 0),
  usage('four months', '2023-12-05', 20, 0),
  usage('four months', '2024-01-05', 60, 0),
  usage('four months', '2024-02-05', 30, 0),
  usage('a fifth month', '2023-10-05', 9999, 0),
  usage('a fifth month', '2024-02-05', 30, 0),
  usage('without the month before last', '2023-11-05', 40, 0),
  usage('without the month before last', '2023-12-05', 20, 0),
  usage('without the month before last', '2024-02-05', 60, 0),
  usage('without the last month', '2024-01-05', 60, 0),
  usage('nothing used the month before', '2024-01-05', 0, 0),
  usage('nothing used the month before', '2024-02-05', 60, 0),
  usage('observed on the last day of a month', '2024-01-05', 7, 0),
  usage('observed on the last day of a month', '2024-02-05', 60, 0),
];

const SNAPSHOTS: readonly InlineRow[] = [
  ...new Set(
    [...CALLS, ...CEASES, ...USAGE]
      .map((row) => String(row['unique_customer_identifier']))
      .filter((customer) => customer !== 'observed on the last day of a month'),
  ),
].map((customer) => snapshot(customer, T));

const OTHER_SNAPSHOTS: readonly InlineRow[] = [
  snapshot('nothing but a snapshot', T),
  snapshot('observed on the last day of a month', '2024-02-29'),
  snapshot('observed twice', '2024-02-01', { ooc_days: -30, speed: 35, tenure_days: 100 }),
  snapshot('observed twice', T, { ooc_days: null, speed: 65, tenure_days: 129 }),
  snapshot('completion filled in later', '2024-03-02'),
];

describe('a feature at T', () => {
  let workspace: TestWorkspace;
  let rows: Map<string, Row>;
  const at = (customer: string, date = T): Row => {
    const row = rows.get(`${customer} ${date}`);
    if (row === undefined) throw new Error(`no row for ${customer} on ${date}`);
    return row;
  };

  beforeAll(async () => {
    workspace = await openWorkspace({ settings: { 'time.observed_to': '2024-03-31' } });
    await landBroadband(workspace, {
      snapshots: [...SNAPSHOTS, ...OTHER_SNAPSHOTS],
      calls: CALLS,
      ceases: CEASES,
      usage: USAGE,
    });
    await workspace.run({ to: 'build' });
    // A customer-month that was observed already comes again with hindsight.
    await workspace.land('customer_info_corrected.csv', [
      snapshot('observed twice', T, { contract_status: '01 Early Contract', ooc_days: 5, speed: 900 }),
    ]);
    await workspace.run({ to: 'build' });
    rows = byCustomerAndDate(await workspace.rows('SELECT * FROM gold.churn_features'));
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const counts = (row: Row): unknown[] => [row['calls_30d'], row['calls_90d'], row['calls_180d']];
  test.each([
    ['call on T', [0, 0, 0], null],
    ['call on T-1', [1, 1, 1], 1],
    ['call on T-30', [1, 1, 1], 30],
    ['call on T-31', [0, 1, 1], 31],
    ['call on T-90', [0, 1, 1], 90],
    ['call on T-91', [0, 0, 1], 91],
    ['call on T-180', [0, 0, 1], 180],
    ['call on T-181', [0, 0, 0], null],
  ])('counts calls in windows that end on T-1: %s', (customer, expected, daysSince) => {
    expect(counts(at(customer))).toEqual(expected);
    expect(at(customer)['days_since_last_call']).toBe(daysSince);
  });

  test('leaves a call on T out of averages and longest waits', () => {
    expect(at('calls around T')).toMatchObject({
      calls_30d: 1,
      tech_calls_90d: 1,
      avg_talk_time: 100,
      avg_hold_time: 10,
      max_hold_time: 10,
      days_since_last_call: 1,
    });
  });

  test('counts departments in 90 days and averages the known seconds of 180', () => {
    expect(at('departments')).toMatchObject({
      calls_180d: 5,
      loyalty_calls_90d: 1,
      complaint_calls_90d: 1,
      tech_calls_90d: 1,
      avg_talk_time: 800 / 3,
      avg_hold_time: 40,
      max_hold_time: 90,
      days_since_last_call: 29,
    });
    expect(at('call on T-90')['loyalty_calls_90d']).toBe(1);
    expect(at('call on T-91')['loyalty_calls_90d']).toBe(0);
  });

  test('is not known for averages without a known value', () => {
    expect(at('call without durations')).toMatchObject({
      calls_30d: 1,
      avg_talk_time: null,
      avg_hold_time: null,
      max_hold_time: null,
    });
  });

  test('counts 0 calls and knows no averages for a customer who never called', () => {
    expect(at('nothing but a snapshot')).toMatchObject({
      calls_30d: 0,
      calls_90d: 0,
      calls_180d: 0,
      loyalty_calls_90d: 0,
      complaint_calls_90d: 0,
      tech_calls_90d: 0,
      avg_talk_time: null,
      avg_hold_time: null,
      max_hold_time: null,
      days_since_last_call: null,
      prior_cease_count: 0,
      days_since_last_cease: null,
    });
  });

  const NO_USAGE = {
    monthly_download_mb: null,
    monthly_upload_mb: null,
    monthly_total_mb: null,
    avg_daily_download_mb: null,
    std_daily_total_mb: null,
    active_days_in_month: null,
    peak_daily_total_mb: null,
    usage_mom_change: null,
    usage_vs_3mo_avg: null,
  };

  test('is not known for usage of a customer without any', () => {
    expect(at('nothing but a snapshot')).toMatchObject(NO_USAGE);
  });

  test('never sees the month that starts at T', () => {
    expect(at('usage on T only')).toMatchObject(NO_USAGE);
    expect(at('usage in the month of T too')).toMatchObject({
      monthly_download_mb: 40,
      monthly_upload_mb: 6,
      monthly_total_mb: 46,
      avg_daily_download_mb: 20,
      std_daily_total_mb: Math.sqrt(242),
      active_days_in_month: 2,
      peak_daily_total_mb: 34,
    });
  });

  test('sees the month that ends on T-1', () => {
    expect(at('usage on the last day before T')).toMatchObject({
      monthly_download_mb: 500,
      monthly_upload_mb: 20,
      std_daily_total_mb: null,
      active_days_in_month: 1,
    });
  });

  test('does not see a month whose last day is T', () => {
    expect(at('observed on the last day of a month', '2024-02-29')).toMatchObject({ monthly_total_mb: 7 });
  });

  test('compares usage with the month before and the mean of the three before', () => {
    expect(at('four months')).toMatchObject({ usage_mom_change: -0.5, usage_vs_3mo_avg: -0.25 });
    expect(at('a fifth month')).toMatchObject({ usage_mom_change: null, usage_vs_3mo_avg: null });
  });

  test('counts calendar months in lags, so that a missing month is not known', () => {
    expect(at('without the month before last')).toMatchObject({
      monthly_total_mb: 60,
      usage_mom_change: null,
      usage_vs_3mo_avg: 1,
    });
    expect(at('without the last month')).toMatchObject(NO_USAGE);
  });

  test('knows no change against a month of nothing', () => {
    expect(at('nothing used the month before')).toMatchObject({
      usage_mom_change: null,
      usage_vs_3mo_avg: null,
    });
  });

  test('counts ceases placed before T', () => {
    expect(at('cease on T')).toMatchObject({ prior_cease_count: 0, days_since_last_cease: null });
    expect(at('cease on T-1')).toMatchObject({ prior_cease_count: 1, days_since_last_cease: 1 });
    expect(at('several ceases')).toMatchObject({ prior_cease_count: 2, days_since_last_cease: 366 });
    expect(at('ordered open and completed later')['prior_cease_count']).toBe(1);
  });

  test('takes the snapshot of T itself, as it was delivered first', () => {
    expect(at('observed twice', '2024-02-01')).toMatchObject({
      ooc_days: -30,
      speed: 35,
      tenure_days: 100,
      tenure_bucket: '90d-1y',
    });
    expect(at('observed twice')).toMatchObject({
      contract_status_ord: 2,
      ooc_days: -9999,
      speed: 65,
      tenure_days: 129,
    });
  });
});

describe('a window that reaches back before the first day of its source', () => {
  /** The sources begin on 2024-01-15. */
  const BEGIN = '2024-01-15';
  let workspace: TestWorkspace;
  const rows = new Map<string, Row>();

  beforeAll(async () => {
    workspace = await openWorkspace({ settings: { 'time.observed_to': '2024-12-31' } });
    const dates = ['2024-01-31', '2024-02-13', '2024-02-14', '2024-04-14', '2024-07-12', '2024-07-13'];
    await landBroadband(
      workspace,
      { snapshots: dates.map((date) => snapshot('A', date)), calls: [call('A', '2024-02-10')] },
      BEGIN,
    );
    await workspace.run({ to: 'build' });
    for (const row of await workspace.rows('SELECT * FROM gold.churn_features'))
      rows.set(textOf(row['observation_date']), row);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('is not known, rather than 0, until the source covers it', () => {
    // 30, 90 and 180 days after 2024-01-15 are 2024-02-14, 2024-04-14 and 2024-07-13.
    expect(rows.get('2024-02-13')).toMatchObject({ calls_30d: null, calls_90d: null, calls_180d: null });
    expect(rows.get('2024-02-14')).toMatchObject({ calls_30d: 1, calls_90d: null, avg_talk_time: null });
    expect(rows.get('2024-04-14')).toMatchObject({ calls_30d: 0, calls_90d: 1, loyalty_calls_90d: 0 });
    expect(rows.get('2024-07-12')).toMatchObject({
      calls_90d: 0,
      calls_180d: null,
      days_since_last_call: null,
    });
    expect(rows.get('2024-07-13')).toMatchObject({
      calls_180d: 1,
      avg_talk_time: 300,
      days_since_last_call: 154,
    });
  });

  test('has no bound for what counts the whole history', () => {
    expect(rows.get('2024-01-31')).toMatchObject({ prior_cease_count: 0 });
  });
});

describe('a source without rows before some day', () => {
  test('makes bounded features of months not known before it', async () => {
    await using workspace = await openWorkspace({ settings: { 'time.observed_to': '2024-12-31' } });
    const dates = ['2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01', '2024-06-01'];
    await landBroadband(
      workspace,
      {
        snapshots: dates.map((date) => snapshot('A', date)),
        usage: dates.map((date, index) => usage('A', date, 10 * (index + 1), 0)),
      },
      '2024-02-01',
    );
    await workspace.run({ to: 'build' });
    const found = await workspace.rows(
      'SELECT monthly_total_mb, usage_mom_change, usage_vs_3mo_avg FROM gold.churn_features ORDER BY observation_date',
    );
    expect(found.map((row) => Object.values(row))).toEqual([
      [null, null, null],
      [10, null, null],
      [20, 1, null],
      [30, 0.5, null],
      [40, 1 / 3, 1],
    ]);
  });
});

describe('a source without any row', () => {
  test('makes all its bounded features not known', async () => {
    await using pack = await copyPack();
    await pack.replace(
      'sql/silver/calls.sql',
      'FROM bronze.raw_calls',
      "FROM bronze.raw_calls WHERE event_date > DATE '2030-01-01'",
    );
    await using workspace = await openWorkspace({
      pack: pack.folder,
      settings: { 'time.observed_to': '2024-12-31' },
    });
    await landBroadband(workspace, { snapshots: [snapshot('A', T)], calls: [call('A', '2024-02-29')] });
    await workspace.run({ to: 'build' });
    expect(await workspace.rows('SELECT * FROM gold.churn_features')).toMatchObject([
      { calls_30d: null, calls_180d: null, avg_talk_time: null, prior_cease_count: 0 },
    ]);
  });
});
