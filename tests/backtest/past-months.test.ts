/** Folds and backtest on made-up broadband data: the models of past months, and what their lists caught. */
import { cp, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snakeKeys } from '../../src/kernel/index.ts';
import {
  type Backtest,
  type BacktestResult,
  backtestStep,
  evaluateStep,
  type HorizonEvaluation,
  reportStep,
} from '../../src/workflow/index.ts';
import { makeDeliveries } from '../main-job/deliveries.ts';
import { copyOf, failureOf } from '../main-job/lake-state.ts';
import { MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';
import { useChallenger } from '../support/set-in-use.ts';
import { copyPack, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const SETTINGS = { 'learner.rounds': 15 };
/** The pack's own test split begins here, so that the model of this month is the one in use. */
const TEST_FROM = '2024-07-01';

let workspace: TestWorkspace;
let horizons: readonly HorizonEvaluation[];
let backtest: Backtest;
let file: string;

const runBacktest = (
  where: TestWorkspace,
  months: number,
  settings: Record<string, string | number> = {},
): Promise<BacktestResult> =>
  where.withContext(async (context) => (await backtestStep(context, { months })).result, {
    ...SETTINGS,
    ...settings,
  });

beforeAll(async () => {
  await using deliveries = await makeDeliveries({
    customers: 700,
    from: '2023-03-01',
    cut: '2024-10-01',
    to: '2024-11-01',
  });
  workspace = await openWorkspace({ settings: SETTINGS });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await workspace.run({ to: 'train' });
  await useChallenger(workspace);
  const evaluated = await workspace.withContext((context) =>
    evaluateStep(context, { resamples: 20, folds: 2 }),
  );
  ({ horizons } = evaluated.result.evaluation);
  ({ backtest, file } = await runBacktest(workspace, 2, { 'lists.capacities.loyalty': 15 }));
});
afterAll(() => workspace[Symbol.asyncDispose]());

const foldsOf = (days: number) => {
  const found = horizons.find((horizon) => horizon.days === days)?.folds?.folds ?? [];
  return found.map((fold) => {
    if ('reason' in fold) throw new Error(`${fold.observedOn}: ${fold.reason}`);
    return fold;
  });
};

describe('folds', () => {
  test('are the newest months whose outcome is known for each horizon', () => {
    expect(foldsOf(30).map(({ observedOn }) => observedOn)).toEqual(['2024-08-01', '2024-09-01']);
    expect(foldsOf(60).map(({ observedOn }) => observedOn)).toEqual(['2024-07-01', '2024-08-01']);
    expect(foldsOf(90).map(({ observedOn }) => observedOn)).toEqual(['2024-06-01', '2024-07-01']);
  });

  test('have a growing window of training', () => {
    for (const days of [30, 60, 90]) {
      const [first, second] = foldsOf(days);
      expect(second?.trainRows).toBeGreaterThan(first?.trainRows ?? Infinity);
      expect(second?.trainFrom).toBe(first?.trainFrom);
    }
  });

  test('train, where the test split of the pack begins, the very model that is in use', () => {
    const model = horizons.find(({ days }) => days === 90);
    const fold = foldsOf(90).find(({ observedOn }) => observedOn === TEST_FROM);
    expect(fold).toMatchObject({ trainRows: model?.trainRows, trees: model?.trees });
    const month = model?.detail.months.find(({ value }) => value === TEST_FROM.slice(0, 7));
    const measured = month !== undefined && 'rows' in month.metrics ? month.metrics : undefined;
    expect(measured).toBeDefined();
    expect(fold).toMatchObject({ rows: measured?.rows, positives: measured?.positives });
    for (const [name, { value }] of Object.entries(fold?.metrics ?? {}))
      expect(value, name).toBe(measured?.metrics[name]?.value);
  });

  test('weigh rows as training does, where the pack weighs them', async () => {
    await using pack = await copyPack();
    await pack.replace(
      'pack.yaml',
      'imbalance: { method: balanced }',
      'imbalance: { method: weights, column: contract_status_ord, otherwise: 0.2 }',
    );
    const settings = { ...SETTINGS, pack: pack.folder };
    await using weighed = await copyOf(workspace, { pack: pack.folder, settings: SETTINGS });
    await weighed.run({ from: 'train', to: 'train' }, settings);
    await useChallenger(weighed);
    const { result } = await weighed.withContext(
      (context) => evaluateStep(context, { resamples: 20, folds: 2 }),
      settings,
    );
    const model = result.evaluation.horizons.find(({ days }) => days === 90);
    const fold = model?.folds?.folds.find(({ observedOn }) => observedOn === TEST_FROM);
    const month = model?.detail.months.find(({ value }) => value === TEST_FROM.slice(0, 7));
    const [own, measured] = [fold, month?.metrics].map((one) =>
      one !== undefined && 'metrics' in one ? one.metrics['auc_roc']?.value : undefined,
    );
    expect(measured).toBeGreaterThan(0.5);
    expect(own).toBe(measured);
  });

  test('have a summary over them', () => {
    const values = foldsOf(60).map(({ metrics }) => metrics['auc_roc']?.value ?? 0);
    const summary = horizons.find(({ days }) => days === 60)?.folds?.summary['auc_roc'];
    expect(summary).toMatchObject({ folds: 2, min: Math.min(...values), max: Math.max(...values) });
    expect(summary?.mean).toBeCloseTo(((values[0] ?? 0) + (values[1] ?? 0)) / 2, 12);
  });

  test('say which months have too little history', async () => {
    const { result } = await workspace.withContext((context) =>
      evaluateStep(context, { resamples: 2, folds: 19 }),
    );
    const folds = result.evaluation.horizons.find(({ days }) => days === 90)?.folds?.folds ?? [];
    expect(folds[0]).toEqual({ observedOn: '2023-03-01', reason: 'too little history: 0 months before it' });
    expect(folds.at(-1)).toMatchObject({ observedOn: TEST_FROM });
    const reasons = folds.filter((fold) => 'reason' in fold).length;
    expect(reasons).toBeGreaterThanOrEqual(6);
    expect(result.evaluation.horizons.find(({ days }) => days === 90)?.folds?.summary['auc_pr']?.folds).toBe(
      folds.length - reasons,
    );
  });
});

describe('a backtest', () => {
  test('takes for each list the newest months whose outcome is known', () => {
    expect(
      backtest.lists.map(({ list, horizonDays, months }) => [
        list,
        horizonDays,
        months.map(({ observedOn }) => observedOn),
      ]),
    ).toEqual([
      ['loyalty', 30, ['2024-08-01', '2024-09-01']],
      ['marketing', 60, ['2024-07-01', '2024-08-01']],
      ['customer_success', 90, ['2024-06-01', '2024-07-01']],
    ]);
  });

  test('adds up, keeps to the capacity and counts the events that the labels tell of', async () => {
    for (const { list, months, horizonDays, capacity } of backtest.lists)
      for (const month of months) {
        if ('reason' in month) throw new Error(month.reason);
        expect(month.caught + month.inVain).toBe(month.contacted);
        expect(month.caught + month.caughtByOthers + month.missed).toBe(month.events);
        expect(month.contacted).toBeLessThanOrEqual(capacity ?? month.atRisk);
        if (list === 'loyalty') expect(month.contacted).toBe(15);
        const label = `churned_in_${String(horizonDays)}d`;
        const [counted] = await workspace.rows(
          `SELECT count(*) AS n, CAST(sum(${label}) AS BIGINT) AS events FROM gold.churn_training_set
           WHERE observation_date = DATE '${month.observedOn}' AND at_risk = 1`,
        );
        expect([month.atRisk, month.events]).toEqual([Number(counted?.['n']), Number(counted?.['events'])]);
      }
    const { total, lists } = backtest;
    expect(total.caught).toBe(lists.reduce((sum, list) => sum + list.total.caught, 0));
    expect(total.caught + total.inVain).toBe(total.contacted);
  });

  test('finds more leavers on the most urgent list than chance would', () => {
    const loyalty = backtest.lists.find(({ list }) => list === 'loyalty');
    const months = loyalty?.months.flatMap((month) => ('reason' in month ? [] : [month])) ?? [];
    const byChance = months.reduce((sum, { contacted, baseRate }) => sum + contacted * (baseRate ?? 0), 0);
    expect(loyalty?.total.caught).toBeGreaterThan(2 * byChance);
  });

  test('gives the same again, and writes what it says', async () => {
    const again = await runBacktest(workspace, 2, { 'lists.capacities.loyalty': 15 });
    expect({ ...again.backtest, testedAt: '' }).toEqual({ ...backtest, testedAt: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      schema: 'holdfast.backtest/1',
      ...(snakeKeys(again.backtest) as object),
    });
  });

  test('contacts the whole tier of a list without a capacity', () => {
    const marketing = backtest.lists.find(({ list }) => list === 'marketing');
    expect(marketing?.capacity).toBeNull();
    for (const month of marketing?.months ?? []) expect(month).toMatchObject({ beyondCapacity: 0 });
  });

  test('is shown in the model report, along with the folds', async () => {
    const { result } = await workspace.withContext((context) => reportStep(context));
    // The newest backtest as it came back from its file.
    expect(result.report.backtest).toMatchObject({
      ...backtest,
      testedAt: expect.any(String) as string,
      isCurrent: true,
    });
    const page = await readFile(result.page, 'utf8');
    expect(page).toContain('<section id="folds">');
    expect(page).toContain('90 days: AUC-PR by month (blue)');
    expect(page).toContain('<section id="backtest">');
    expect(page).toContain('loyalty (RED, 30 days, at most 15 a month)');
  });

  test('says so where no month has enough history', async () => {
    await using young = await copyOf(workspace, { settings: SETTINGS });
    // Of the outcomes, those of the first half year alone are known.
    const settings = { ...SETTINGS, 'time.observed_to': '2023-08-15' };
    await young.run({ from: 'build', to: 'build' }, settings);
    const failure = await failureOf(runBacktest(young, 2, settings));
    expect(failure).toMatchObject({ code: 'HF207', exitCode: 2 });
    expect(failure.message).toMatch(
      /^no month can be tested; the newest, 2023-0\d-01: \d+ days: too little history/,
    );
  });

  test.each([0, 1.5])('of %s months is refused', async (months) => {
    expect(await failureOf(runBacktest(workspace, months))).toMatchObject({ code: 'HF101' });
  });
});

describe('a pack without dates', () => {
  let magazine: TestWorkspace;
  beforeAll(async () => {
    magazine = await openMagazine({ pack: MAGAZINE_PACK });
    await magazine.land('readers_1.csv', readers(300));
    await magazine.run({ to: 'promote' });
  });
  afterAll(() => magazine[Symbol.asyncDispose]());

  test('has no months to test lists on, and no folds', async () => {
    const message = 'the pack magazine has no dates, so that there are no past months to walk along';
    const refused = { code: 'HF207', exitCode: 2, message };
    expect(await failureOf(magazine.withContext((context) => backtestStep(context)))).toMatchObject(refused);
    expect(
      await failureOf(magazine.withContext((context) => evaluateStep(context, { folds: 3 }))),
    ).toMatchObject(refused);
  });

  test('is evaluated without folds, and its report says that there are none', async () => {
    const { result } = await magazine.withContext((context) => reportStep(context));
    expect(result.report.backtest).toBeNull();
    expect(result.report.horizons[0]?.folds).toBeUndefined();
    const page = await readFile(result.page, 'utf8');
    expect(page).toContain('holdfast backtest');
    expect(page).toContain('holdfast evaluate --folds 6');
  });
});
