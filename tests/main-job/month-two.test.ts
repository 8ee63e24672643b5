/**
 * Two months in the life of a workspace: the first delivery is learnt from, scored and listed; a month later
 * only what is new comes in, the models stay, and what was said the month before stays readable.
 */
import { cp, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import type { RunResult } from '../../src/workflow/index.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, filesOf, makeDeliveries } from './deliveries.ts';
import { copyOf, fileHashes, rowsAt, tableVersions } from './lake-state.ts';

const FIRST = '2024-10-01';
const SECOND = '2024-11-01';
const SETTINGS = { settings: { 'learner.rounds': 40, 'learner.early_stopping_rounds': 20 } };
const LISTS = ['customer_success', 'loyalty', 'marketing'];
const LIST_TABLES = LISTS.map((list) => `gold.action_list_${list}`);

/** What is known of the workspace after a run. */
interface State {
  readonly run: RunResult;
  readonly versions: Record<string, number>;
  readonly models: Record<string, string>;
  readonly lists: Record<string, string>;
  readonly firstScores: Row[];
  readonly firstScoreFiles: string[];
  readonly features: Row[];
}

let deliveries: Deliveries;
let workspace: TestWorkspace;
let first: State;
let second: State;
let third: State;

async function runAndLook(): Promise<State> {
  const run = await workspace.run();
  return {
    run,
    versions: await tableVersions(workspace),
    models: {
      ...(await fileHashes(workspace, 'models/churn_model_30d')),
      ...(await fileHashes(workspace, 'models/sets')),
    },
    lists: await fileHashes(workspace, 'lists'),
    firstScores: await workspace.rows(
      `SELECT * FROM gold.churn_scores WHERE score_date = '${FIRST}' ORDER BY unique_customer_identifier`,
    ),
    firstScoreFiles: await workspace.withContext(async ({ lake }) => {
      const { files } = await lake.snapshot('gold.churn_scores');
      return files.filter(({ partition }) => partition['score_date'] === FIRST).map((file) => file.path);
    }),
    features: await workspace.rows('SELECT * FROM gold.churn_features ORDER BY ALL'),
  };
}

const resultOf = (state: State, name: string): unknown =>
  state.run.steps.find(({ step }) => step === name)?.result;

beforeAll(async () => {
  deliveries = await makeDeliveries({ customers: 1500, from: '2023-06-01', cut: FIRST, to: SECOND });
  workspace = await openWorkspace(SETTINGS);
  await cp(deliveries.first, workspace.landing, { recursive: true });
  first = await runAndLook();
  await cp(deliveries.second, workspace.landing, { recursive: true });
  // A file that was taken comes under another name: what counts is its content.
  await rename(
    path.join(workspace.landing, 'calls.csv'),
    path.join(workspace.landing, 'calls_to_october.csv'),
  );
  second = await runAndLook();
  third = await runAndLook();
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

describe('the first month', () => {
  test('trains three models and scores the newest snapshot', () => {
    expect(resultOf(first, 'train')).toMatchObject({
      set: { id: 1, versions: { churn_model_30d: 1, churn_model_60d: 1, churn_model_90d: 1 } },
    });
    expect(resultOf(first, 'score')).toMatchObject({ scoreDate: FIRST, modelSet: 1, action: 'written' });
    expect(first.firstScores.length).toBeGreaterThan(500);
    expect(Object.keys(first.lists).sort()).toEqual(LISTS.map((list) => `${list}_${FIRST}.csv`));
  });
});

describe('the second month', () => {
  test('takes only the new files; a renamed one is recognised by its content', async () => {
    const sources = resultOf(second, 'ingest') as { taken: { file: string }[]; known: number }[];
    expect(sources.flatMap(({ taken }) => taken.map(({ file }) => file)).sort()).toEqual(
      await filesOf(deliveries.second),
    );
    expect(sources.map(({ known }) => known)).toEqual([1, 1, 1, 1]);
    for (const table of ['raw_customer_info', 'raw_usage', 'raw_calls', 'raw_cease']) {
      expect(second.versions[`bronze.${table}`]).toBe(1);
      const [twice] = await workspace.rows(
        `SELECT count(DISTINCT _source_file) AS files, count(DISTINCT _ingested_at) AS times FROM bronze.${table}`,
      );
      expect(twice).toEqual({ files: 2, times: 2 });
    }
  });

  test('retrains nothing', () => {
    expect(resultOf(second, 'train')).toEqual({ kept: 1 });
    expect(second.models).toEqual(first.models);
  });

  test('builds every silver and gold table again', () => {
    const { tables } = resultOf(second, 'build') as { tables: { table: string; action: string }[] };
    expect(tables).toHaveLength(8);
    expect(tables.filter(({ action }) => action !== 'built')).toEqual([]);
    for (const { table } of tables) expect(second.versions[table]).toBe(1);
  });

  test('changes no feature of an earlier month', () => {
    const before = (rows: Row[]): Row[] => rows.filter((row) => textOf(row['observation_date']) <= FIRST);
    expect(before(second.features)).toEqual(first.features);
    expect(second.features.length).toBeGreaterThan(first.features.length);
  });

  test('adds the partition of its score date and leaves the first one untouched', async () => {
    expect(resultOf(second, 'score')).toMatchObject({ scoreDate: SECOND, modelSet: 1, action: 'written' });
    const dates = await workspace.rows(
      'SELECT score_date, count(*) > 0 AS filled FROM gold.churn_scores GROUP BY 1 ORDER BY 1',
    );
    expect(dates).toEqual([
      { score_date: FIRST, filled: true },
      { score_date: SECOND, filled: true },
    ]);
    expect(second.firstScores).toEqual(first.firstScores);
    expect(second.firstScoreFiles).toEqual(first.firstScoreFiles);
  });

  test('writes new lists beside the old files', async () => {
    expect(Object.keys(second.lists).sort()).toEqual(
      LISTS.flatMap((list) => [`${list}_${FIRST}.csv`, `${list}_${SECOND}.csv`]),
    );
    expect(second.lists).toMatchObject(first.lists);
    for (const table of LIST_TABLES) {
      const dates = await workspace.rows(`SELECT DISTINCT score_date FROM ${table}`);
      expect(dates.filter((row) => row['score_date'] !== SECOND)).toEqual([]);
    }
    const listed = (date: string): Promise<string> =>
      readFile(path.join(workspace.folder, 'lists', `loyalty_${date}.csv`), 'utf8');
    expect(await listed(SECOND)).not.toBe(await listed(FIRST));
  });

  test('keeps the history: every table can be read as it was', async () => {
    expect(
      await rowsAt(workspace, { 'gold.churn_features': 0 }, 'SELECT * FROM gold.churn_features ORDER BY ALL'),
    ).toEqual(first.features);
    expect(
      await rowsAt(
        workspace,
        { 'gold.churn_scores': 0 },
        'SELECT * FROM gold.churn_scores ORDER BY unique_customer_identifier',
      ),
    ).toEqual(first.firstScores);
    const [list] = await rowsAt(
      workspace,
      { 'gold.action_list_loyalty': 0 },
      'SELECT min(score_date) AS oldest, max(score_date) AS newest FROM gold.action_list_loyalty',
    );
    expect(list).toEqual({ oldest: FIRST, newest: FIRST });
  });
});

describe('a third run with nothing new', () => {
  test('changes no table, no model and no list', () => {
    expect(third.versions).toEqual(second.versions);
    expect(third.models).toEqual(second.models);
    expect(third.lists).toEqual(second.lists);
  });

  test('says so step by step', () => {
    expect(third.run.steps.map(({ summary }) => summary)).toMatchObject([
      'took 0 new files with 0 rows; 8 were known',
      `built 0 tables, 8 unchanged; data known to ${SECOND}`,
      'model set 1 kept; --retrain trains a new one',
      'model set 1 stays champion',
      expect.stringMatching(/^scores unchanged for /) as unknown,
      second.run.steps.at(-1)?.summary,
    ]);
  });
});

describe('a list with a capacity', () => {
  test('keeps the most urgent and says how many were left', async () => {
    await using copy = await copyOf(workspace, SETTINGS);
    const whole = await copy.rows('SELECT * FROM gold.action_list_loyalty ORDER BY list_rank');
    expect(whole.length).toBeGreaterThan(10);
    const { steps } = await copy.run({ from: 'lists' }, { 'lists.capacities.loyalty': 10 });
    expect(steps[0]?.summary).toContain(`loyalty 10 (${String(whole.length - 10)} left)`);
    expect(copy.warnings).toEqual([
      `loyalty: ${String(whole.length - 10)} of ${String(whole.length)} left out, beyond the capacity of 10`,
    ]);
    expect(await copy.rows('SELECT * FROM gold.action_list_loyalty ORDER BY list_rank')).toEqual(
      whole.slice(0, 10),
    );
    const lines = (await readFile(path.join(copy.folder, 'lists', `loyalty_${SECOND}.csv`), 'utf8')).trim();
    expect(lines.split('\n')).toHaveLength(11);
    // Urgency is the raw score of the tier's horizon.
    const urgent = await copy.rows(
      `SELECT unique_customer_identifier FROM gold.churn_scores WHERE score_date = '${SECOND}' AND risk_tier = 'RED'
       ORDER BY raw_score_30d DESC, unique_customer_identifier LIMIT 10`,
    );
    expect(whole.slice(0, 10).map((row) => row['unique_customer_identifier'])).toEqual(
      urgent.map((row) => row['unique_customer_identifier']),
    );
  });
});
