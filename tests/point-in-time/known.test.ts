/** What the `known` views show: rows that were available before T, columns that were filled in before T. */
import { describe, expect, test } from 'vitest';
import { defineKnownViews, snapshotSpine } from '../../src/build/index.ts';
import { type Row, textOf } from '../../src/engine/index.ts';
import { call, cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { copyPack, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const SETTINGS = { 'time.observed_to': '2024-12-31' };

/** Rows of a query over the `known` views of a workspace that is built. */
async function knownRows(workspace: TestWorkspace, sql: string): Promise<Row[]> {
  return workspace.withContext(async ({ engine, lake, pack }) => {
    await lake.attach();
    await defineKnownViews(engine, pack, snapshotSpine(engine, pack));
    return engine.rows(sql);
  });
}

describe('known.cease', () => {
  test('shows an order from the day after it was placed, and its completion from the day after that', async () => {
    await using workspace = await openWorkspace({ settings: SETTINGS });
    const dates = ['2024-02-10', '2024-02-11', '2024-03-01', '2024-03-02', '2024-04-01'];
    await landBroadband(workspace, {
      snapshots: dates.map((date) => snapshot('A', date)),
      ceases: [cease('A', '2024-02-10', '2024-03-01')],
    });
    await workspace.run({ to: 'build' });
    const rows = await knownRows(
      workspace,
      'SELECT observation_date, cease_placed_date, cease_completed_date, is_completed FROM known.cease ORDER BY 1',
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['2024-02-11', '2024-02-10', null, null],
      ['2024-03-01', '2024-02-10', null, null],
      ['2024-03-02', '2024-02-10', '2024-03-01', 1],
      ['2024-04-01', '2024-02-10', '2024-03-01', 1],
    ]);
  });
});

describe('known.usage_monthly', () => {
  test('shows a month from the day after its last one', async () => {
    await using workspace = await openWorkspace({ settings: SETTINGS });
    const dates = ['2024-02-15', '2024-02-29', '2024-03-01', '2024-03-31', '2024-06-30', '2024-07-01'];
    await landBroadband(workspace, {
      snapshots: dates.map((date) => snapshot('A', date)),
      usage: [usage('A', '2024-02-03', 5)],
    });
    await workspace.run({ to: 'build' });
    const rows = await knownRows(workspace, 'SELECT observation_date FROM known.usage_monthly ORDER BY 1');
    // The pack looks four calendar months back.
    expect(rows.map((row) => row['observation_date'])).toEqual(['2024-03-01', '2024-03-31', '2024-06-30']);
  });
});

describe('known.spine', () => {
  test('keeps customers without any event, one row a customer and snapshot', async () => {
    await using workspace = await openWorkspace({ settings: SETTINGS });
    await landBroadband(workspace, {
      snapshots: [snapshot('A', '2024-02-01'), snapshot('B', '2024-02-01'), snapshot('B', '2024-02-01')],
      calls: [call('C', '2024-01-05')],
    });
    await workspace.run({ to: 'build' });
    // Within the views an entity is its number, in the order of the keys.
    expect(await knownRows(workspace, 'SELECT * FROM known.spine ORDER BY 1')).toEqual([
      { unique_customer_identifier: 1, observation_date: '2024-02-01' },
      { unique_customer_identifier: 2, observation_date: '2024-02-01' },
    ]);
    expect(await knownRows(workspace, 'SELECT * FROM known.calls')).toEqual([]);
  });
});

describe('a table whose rows arrive late', () => {
  test('shows a row from the day after it became available, never before the day of its event', async () => {
    await using pack = await copyPack();
    await pack.replace(
      'pack.yaml',
      '      hold_time_seconds: DOUBLE',
      '      hold_time_seconds: DOUBLE\n      recorded_on: DATE',
    );
    await pack.replace(
      'pack.yaml',
      '      date: event_date',
      '      date: event_date\n      available_at: recorded_on',
    );
    await pack.write(
      'sql/silver/calls.sql',
      `-- grain: one row a call
-- owner: data engineering
-- keys: unique_customer_identifier, event_date
-- description: Calls with the day on which they were recorded.
SELECT
  unique_customer_identifier, event_date, call_type, talk_time_seconds, hold_time_seconds, recorded_on,
  0 AS is_loyalty_call, 0 AS is_complaint_call, 0 AS is_tech_call
FROM bronze.raw_calls`,
    );
    await using workspace = await openWorkspace({ pack: pack.folder, settings: SETTINGS });
    const cases: Readonly<Record<string, readonly [event: string, recorded: string | null]>> = {
      'recorded on the day': ['2024-02-20', '2024-02-20'],
      'recorded on T-1': ['2024-02-20', '2024-02-29'],
      'recorded on T': ['2024-02-20', '2024-03-01'],
      'recorded after the event and T': ['2024-02-20', '2024-03-20'],
      'recorded before the event, which is on T': ['2024-03-01', '2024-02-01'],
      'record without a day': ['2024-02-20', null],
      'recorded late, out of the lookback by then': ['2023-09-03', '2024-03-20'],
    };
    await landBroadband(workspace, {
      snapshots: Object.keys(cases).flatMap((name) => [
        snapshot(name, '2024-03-01'),
        snapshot(name, '2024-04-01'),
      ]),
    });
    await workspace.land('calls.csv', [
      call('nobody', '2020-01-01', { recorded_on: '2020-01-01' }),
      ...Object.entries(cases).map(([name, [event, recorded]]) =>
        call(name, event, { recorded_on: recorded }),
      ),
    ]);
    await workspace.run({ to: 'build' });
    const found: Record<string, unknown[]> = {};
    for (const row of await workspace.rows(
      'SELECT unique_customer_identifier AS name, calls_180d FROM gold.churn_features ORDER BY observation_date',
    ))
      (found[textOf(row['name'])] ??= []).push(row['calls_180d']);
    expect(found).toEqual({
      'recorded on the day': [1, 1],
      'recorded on T-1': [1, 1],
      'recorded on T': [0, 1],
      'recorded after the event and T': [0, 1],
      'recorded before the event, which is on T': [0, 1],
      'record without a day': [1, 1],
      'recorded late, out of the lookback by then': [0, 0],
    });
  });
});
