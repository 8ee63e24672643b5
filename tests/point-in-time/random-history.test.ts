/**
 * Small random histories: labels, splits and being at risk against the pure reference functions, and the
 * features of calls, ceases and usage against the same counts made one row at a time. Every row is compared.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  daysBetween,
  firstOfMonth,
  halfOf,
  isAtRisk,
  labelFor,
  rollingBoundaries,
  type SplitBoundaries,
  splitFor,
  type TargetEvent,
} from '../../src/domain/index.ts';
import type { Row } from '../../src/engine/index.ts';
import { byCustomerAndDate, call, cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { seededRandom } from '../support/random.ts';
import { copyPack, type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const HORIZONS = [30, 60, 90] as const;
const FIRST_DAY = '2022-09-01';
const OBSERVED_TO = '2024-11-18';
const MONTHS = 27;
const CUSTOMERS = 40;
const OPEN_DAYS = 60;
const FIXED: SplitBoundaries = { validationFrom: '2024-04-01', testFrom: '2024-07-01' };

interface RandomCall {
  readonly date: string;
  readonly type: string | null;
  /** Whole seconds, null where the source has none. */
  readonly talk: number | null;
  readonly hold: number | null;
}

interface RandomDay {
  readonly date: string;
  /** Whole megabytes, so that sums are exact in doubles. */
  readonly download: number;
  readonly upload: number;
}

interface History {
  readonly customer: string;
  readonly snapshots: readonly string[];
  readonly calls: readonly RandomCall[];
  readonly ceases: readonly TargetEvent[];
  readonly usage: readonly RandomDay[];
}

function randomHistories(): History[] {
  const random = seededRandom(2024);
  const anyDay = (): string => addDays(FIRST_DAY, random.whole(0, MONTHS * 31));
  // Many events fall on or beside the first of a month, where the borders are.
  const borderDay = (): string =>
    random.chance(0.5) ? anyDay() : addDays(firstOfMonth(anyDay()), random.whole(-1, 1));
  const repeat = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
  return Array.from({ length: CUSTOMERS }, (_, index) => {
    const months = Array.from({ length: MONTHS }, (__, month) => addMonths(FIRST_DAY, month));
    const placed = new Set(repeat(random.whole(0, 4), borderDay));
    return {
      customer: `customer ${index}`,
      // Some snapshots are missing, some lie in the middle of a month.
      snapshots: months.flatMap((month) => [
        ...(random.chance(0.9) ? [month] : []),
        ...(random.chance(0.1) ? [addDays(month, random.whole(1, 27))] : []),
      ]),
      calls: repeat(random.whole(0, 25), () => ({
        date: borderDay(),
        type: random.pick(['Loyalty', 'Complaints', 'Tech', 'CS&B', null]),
        talk: random.chance(0.1) ? null : random.whole(0, 3000),
        hold: random.chance(0.1) ? null : random.whole(0, 900),
      })),
      ceases: [...placed].map((day) => ({
        placed: day,
        completed: random.chance(0.25) ? null : addDays(day, random.whole(0, 90)),
      })),
      usage: months
        .filter(() => random.chance(0.7))
        .flatMap((month) =>
          [0, 7, 13, 27]
            .filter(() => random.chance(0.7))
            .map((days) => ({
              date: addDays(month, days),
              download: random.whole(0, 40_000),
              upload: random.whole(0, 3000),
            })),
        ),
    };
  });
}

async function land(workspace: TestWorkspace, histories: readonly History[]): Promise<void> {
  const each = <T>(
    rowsOf: (history: History) => readonly T[],
    make: (customer: string, row: T) => InlineRow,
  ): InlineRow[] => histories.flatMap((history) => rowsOf(history).map((row) => make(history.customer, row)));
  await landBroadband(workspace, {
    snapshots: each(({ snapshots }) => snapshots, snapshot),
    calls: each(
      ({ calls }) => calls,
      (customer, { date, type, talk, hold }) =>
        call(customer, date, { call_type: type, talk_time_seconds: talk, hold_time_seconds: hold }),
    ),
    ceases: each(
      ({ ceases }) => ceases,
      (customer, { placed, completed }) => cease(customer, placed, completed ?? 'null'),
    ),
    usage: each(
      (history) => history.usage,
      (customer, { date, download, upload }) => usage(customer, date, download, upload),
    ),
  });
}

/** What the training set must say of a customer on a date; the boundaries are those of the horizons. */
function expectedSplits(
  { customer, ceases }: History,
  date: string,
  boundaries: readonly SplitBoundaries[],
  observedTo: string,
): Record<string, string | number | null> {
  const placed = ceases.map((event) => event.placed);
  const columns: Record<string, string | number | null> = {};
  for (const [index, horizon] of HORIZONS.entries()) {
    const label = labelFor(horizon, date, placed, observedTo);
    const split = splitFor(date, horizon, boundaries[index] ?? FIXED);
    const leftOut = !isAtRisk(date, ceases, OPEN_DAYS)
      ? 'open_event'
      : label === null
        ? 'unknown_label'
        : split === 'purged'
          ? 'purged'
          : null;
    const part = split === 'validation' ? halfOf(customer) : split;
    columns[`churned_in_${horizon}d`] = label;
    columns[`split_${horizon}d`] = leftOut === null ? part : null;
    columns[`left_out_${horizon}d`] = leftOut;
  }
  return columns;
}

const mean = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

const largest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

function expectedCalls({ calls }: History, date: string): Row {
  const within = (days: number, type?: string): RandomCall[] =>
    calls.filter(
      (made) =>
        made.date < date &&
        daysBetween(made.date, date) <= days &&
        (type === undefined || made.type === type),
    );
  const all = within(180);
  return {
    calls_30d: within(30).length,
    calls_90d: within(90).length,
    calls_180d: all.length,
    loyalty_calls_90d: within(90, 'Loyalty').length,
    complaint_calls_90d: within(90, 'Complaints').length,
    tech_calls_90d: within(90, 'Tech').length,
    avg_talk_time: mean(all.map(({ talk }) => talk)),
    avg_hold_time: mean(all.map(({ hold }) => hold)),
    max_hold_time: largest(all.map(({ hold }) => hold)),
    days_since_last_call:
      all.length === 0 ? null : Math.min(...all.map((made) => daysBetween(made.date, date))),
  };
}

function expectedCeases({ ceases }: History, date: string): Row {
  const earlier = ceases.filter(({ placed }) => placed < date);
  return {
    prior_cease_count: earlier.length,
    days_since_last_cease:
      earlier.length === 0 ? null : Math.min(...earlier.map(({ placed }) => daysBetween(placed, date))),
  };
}

function expectedUsage(history: History, date: string): Row {
  const days = (monthsAgo: number): RandomDay[] => {
    const month = addMonths(firstOfMonth(date), -monthsAgo).slice(0, 7);
    return history.usage.filter((day) => day.date.startsWith(month));
  };
  const sum = (rows: readonly RandomDay[], value: (day: RandomDay) => number): number | null =>
    rows.length === 0 ? null : rows.reduce((all, day) => all + value(day), 0);
  const total = (monthsAgo: number): number | null =>
    sum(days(monthsAgo), (day) => day.download + day.upload);
  const change = (before: number | null): number | null => {
    const now = total(1);
    return now === null || before === null || before === 0 ? null : (now - before) / before;
  };
  const last = days(1);
  const download = sum(last, (day) => day.download);
  return {
    monthly_download_mb: download,
    monthly_upload_mb: sum(last, (day) => day.upload),
    monthly_total_mb: total(1),
    avg_daily_download_mb: download === null ? null : download / last.length,
    active_days_in_month: last.length === 0 ? null : last.length,
    peak_daily_total_mb: largest(last.map((day) => day.download + day.upload)),
    usage_mom_change: change(total(2)),
    usage_vs_3mo_avg: change(mean([total(2), total(3), total(4)])),
  };
}

const trainingOf = async (workspace: TestWorkspace): Promise<Map<string, Row>> =>
  byCustomerAndDate(await workspace.rows('SELECT * FROM gold.churn_training_set'));

const histories = randomHistories();
const observations = histories.flatMap((history) => history.snapshots.map((date) => ({ history, date })));

/** Compares all rows at once, naming customer and date of those that differ. */
function expectRows(
  rows: ReadonlyMap<string, Row>,
  expectedOf: (history: History, date: string) => Readonly<Record<string, unknown>>,
): void {
  const differing: unknown[] = [];
  for (const { history, date } of observations) {
    const row = rows.get(`${history.customer} ${date}`) ?? {};
    for (const [name, expected] of Object.entries(expectedOf(history, date)))
      if (!Object.is(row[name], expected))
        differing.push({ customer: history.customer, date, name, expected, found: row[name] });
  }
  expect(differing).toEqual([]);
}

describe('a random history', () => {
  let workspace: TestWorkspace;
  let training: Map<string, Row>;

  beforeAll(async () => {
    workspace = await openWorkspace({ settings: { 'time.observed_to': OBSERVED_TO } });
    await land(workspace, histories);
    await workspace.run({ to: 'build' });
    training = await trainingOf(workspace);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('gives one training row a customer and snapshot', () => {
    expect(training.size).toBe(observations.length);
    expect(observations.length).toBeGreaterThan(1000);
  });

  test('is labelled, split and left out as the reference functions say', () => {
    expectRows(training, (history, date) =>
      expectedSplits(history, date, [FIXED, FIXED, FIXED], OBSERVED_TO),
    );
  });

  test('is at risk as the reference function says', () => {
    expectRows(training, ({ ceases }, date) => ({ at_risk: isAtRisk(date, ceases, OPEN_DAYS) ? 1 : 0 }));
  });

  test('holds every split and every reason for being left out', () => {
    for (const horizon of HORIZONS) {
      const found = new Set(
        [...training.values()].map((row) => row[`split_${horizon}d`] ?? row[`left_out_${horizon}d`]),
      );
      expect(found).toEqual(
        new Set(['train', 'stop', 'calibrate', 'test', 'open_event', 'unknown_label', 'purged']),
      );
    }
  });

  test('says in its result how many rows each split and reason has', async () => {
    const { steps } = await workspace.run({ from: 'build', to: 'build' });
    const { splits } = steps[0]?.result as {
      splits: { horizon: number; split: string | null; leftOut: string | null; rows: number }[];
    };
    for (const horizon of HORIZONS) {
      const counted = splits.filter((count) => count.horizon === horizon);
      for (const { split, leftOut, rows } of counted) {
        const same = [...training.values()].filter(
          (row) => row[`split_${horizon}d`] === split && row[`left_out_${horizon}d`] === leftOut,
        );
        expect({ horizon, split, leftOut, rows }).toEqual({ horizon, split, leftOut, rows: same.length });
      }
      expect(counted.reduce((sum, { rows }) => sum + rows, 0)).toBe(training.size);
    }
  });

  test('has the calls that a count one by one finds', () => {
    expectRows(training, expectedCalls);
  });

  test('has the ceases that a count one by one finds', () => {
    expectRows(training, expectedCeases);
  });

  test('has the usage that sums one by one find', () => {
    expectRows(training, expectedUsage);
  });
});

describe('a random history with rolling splits', () => {
  test.each([
    {
      // 30 days: T+29 is on or before 2024-11-18 for snapshots to 2024-10-20, so that October is the last month.
      observedTo: OBSERVED_TO,
      boundaries: [
        { validationFrom: '2024-05-01', testFrom: '2024-08-01' },
        { validationFrom: '2024-04-01', testFrom: '2024-07-01' },
        { validationFrom: '2024-03-01', testFrom: '2024-06-01' },
      ],
    },
    {
      // 90 days: February to April 2023 have 89, so that validation begins a month earlier.
      observedTo: '2023-10-05',
      boundaries: [
        { validationFrom: '2023-04-01', testFrom: '2023-07-01' },
        { validationFrom: '2023-03-01', testFrom: '2023-06-01' },
        { validationFrom: '2023-01-01', testFrom: '2023-05-01' },
      ],
    },
  ])('has the newest labelled months in test, a horizon its own: $observedTo', async (wanted) => {
    const { observedTo, boundaries } = wanted;
    await using pack = await copyPack();
    await pack.replace(
      'pack.yaml',
      '    method: fixed\n    validation_from: 2024-04-01\n    test_from: 2024-07-01',
      '    method: rolling\n    validation: 3\n    test: 3',
    );
    await using workspace = await openWorkspace({
      pack: pack.folder,
      settings: { 'time.observed_to': observedTo },
    });
    await land(workspace, histories);
    await workspace.run({ to: 'build' });
    const found = HORIZONS.map((horizon) => {
      const labelled = observations
        .map(({ date }) => date)
        .filter((date) => labelFor(horizon, date, [], observedTo) !== null);
      return rollingBoundaries(labelled, { validation: 3, test: 3, horizonDays: horizon });
    });
    expect(found).toEqual(boundaries);
    expectRows(await trainingOf(workspace), (history, date) =>
      expectedSplits(history, date, boundaries, observedTo),
    );
  });
});
