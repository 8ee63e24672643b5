/** Trainings and the registry on a real MLflow server: what is there is what is here, also after it was away. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openUploadQueue } from '../../src/tracking/index.ts';
import { archive, promoteStep, pullModels, pushModels, rollback } from '../../src/workflow/index.ts';
import { failureOf, fileHashes } from '../main-job/lake-state.ts';
import { openMagazine, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { hasMlflow, type MlflowServer, openMlflowServer } from './mlflow-server.ts';

interface Seen {
  readonly runs: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly params: Readonly<Record<string, string>>;
    readonly metrics: Readonly<Record<string, number>>;
    readonly tags: Readonly<Record<string, string>>;
    readonly files: readonly string[];
  }[];
  readonly models: Readonly<
    Record<
      string,
      {
        readonly aliases: Readonly<Record<string, number>>;
        readonly versions: Readonly<
          Record<string, { readonly stage: string; readonly tags: Readonly<Record<string, string>> }>
        >;
      }
    >
  >;
}

const SET = 'magazine_set';
const MODEL = 'churn_model_90d';
/** A model of one round ranks worse than one of many. */
const WEAK = { 'learner.rounds': 1 };

describe.skipIf(!hasMlflow)('the MLflow server of a workspace, where MLflow is installed,', () => {
  let server: MlflowServer;
  let workspace: TestWorkspace;
  let uri: { readonly 'mlflow.uri': string };

  beforeAll(async () => {
    server = await openMlflowServer();
    uri = { 'mlflow.uri': server.uri };
    workspace = await openMagazine({ settings: uri });
    await workspace.land('readers.csv', readers(1500));
    await workspace.run({ to: 'build' });
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const seen = (): Seen => server.python('read_run.py', 'holdfast') as Seen;
  const aliases = ({ models }: Seen): unknown => [models[SET]?.aliases, models[MODEL]?.aliases];
  const stages = ({ models }: Seen, name: string): unknown =>
    Object.values(models[name]?.versions ?? {}).map(({ stage }) => stage);
  const waiting = async (of: TestWorkspace): Promise<number> =>
    (await openUploadQueue(path.join(of.folder, 'state')).pending()).length;
  const scoresOf = (of: TestWorkspace): Promise<unknown> =>
    of.rows(
      'SELECT reader_id, raw_score_90d, probability_90d, risk_score_90d FROM gold.churn_scores ORDER BY reader_id',
    );

  it('holds each training as a run, and its set as versions with the alias that it has here', async () => {
    await workspace.run({ from: 'train', to: 'promote' }, WEAK);
    const now = seen();
    const [run] = now.runs;
    expect(now.runs).toHaveLength(1);
    expect(run).toMatchObject({
      name: 'magazine set 1',
      status: 'FINISHED',
      params: {
        pack: 'magazine',
        horizons: '90',
        learner: 'lightgbm',
        rounds: '1',
        seed: '7',
        'parameter.num_leaves': '7',
      },
      tags: { 'holdfast.set': '1', 'holdfast.pack': 'magazine' },
    });
    expect(Object.keys(run?.params ?? {})).toEqual(
      expect.arrayContaining(['learner_version', 'pack_hash', 'observed_to', 'training_rows_90d']),
    );
    expect(Object.keys(run?.tags ?? {})).toEqual(
      expect.arrayContaining(['holdfast.set_hash', 'holdfast.run_id', 'holdfast.version']),
    );
    const { models } = await workspace.withContext(async ({ registry }) => {
      const { loadSet } = await import('../../src/model/index.ts');
      return loadSet(registry.models, 1);
    });
    const test = models[0]?.metrics.test;
    if (test === undefined || 'reason' in test) throw new Error('there are no figures of test');
    expect(run?.metrics).toMatchObject({
      test_auc_pr_90d: test.metrics['auc_pr']?.value,
      test_auc_pr_90d_lower: test.metrics['auc_pr']?.lower,
      test_auc_pr_90d_upper: test.metrics['auc_pr']?.upper,
      test_rows_90d: test.rows,
    });
    expect(Object.keys(run?.metrics ?? {})).toContain('validation_auc_roc_90d');
    expect(run?.files).toEqual(
      expect.arrayContaining([
        'model/MLmodel',
        'model/set.json',
        `model/${MODEL}/model.txt`,
        `model/${MODEL}/MLmodel`,
      ]),
    );
    expect(aliases(now)).toEqual([{ champion: 1 }, { champion: 1 }]);
    expect([stages(now, SET), stages(now, MODEL)]).toEqual([['Production'], ['Production']]);
    expect(workspace.warnings.filter((text) => text.includes('upload'))).toEqual([]);
  });

  it('holds page, documents and charts of the report beside the run', async () => {
    await workspace.run({ from: 'score', to: 'report' });
    const files = seen().runs[0]?.files ?? [];
    expect(files).toEqual(
      expect.arrayContaining([
        'plots/calibration_90d.svg',
        'plots/gains_90d.svg',
        'report/evaluation-set-1.json',
        'report/model-report-set-1.html',
        'report/model-report-set-1.json',
      ]),
    );
  });

  it('answers raw rows with the scores that Holdfast gives', async () => {
    const rows = await workspace.rows(
      `SELECT features.title, CAST(features.months_subscribed AS DOUBLE) AS months_subscribed,
         CAST(features.copies_returned AS DOUBLE) AS copies_returned, CAST(features.complaints AS DOUBLE) AS complaints,
         CAST(features.monthly_price AS DOUBLE) AS monthly_price, features.gift_from,
         scores.probability_90d AS said, scores.raw_score_90d AS raw
       FROM gold.churn_scores AS scores JOIN gold.reader_features AS features
         ON features.reader_id = scores.reader_id AND features.observation_date = scores.score_date
       ORDER BY scores.reader_id`,
    );
    const file = path.join(server.folder, 'rows.json');
    await writeFile(file, JSON.stringify(rows));
    const answer = server.python('score_by_alias.py', SET, 'champion', file) as Record<string, number[]>;
    expect(answer['raw_score_90d']).toEqual(rows.map((row) => row['raw']));
    const distance = rows.map((row, index) =>
      Math.abs(Number(row['said']) - Number(answer['probability_90d']?.[index])),
    );
    expect(rows.length).toBeGreaterThan(500);
    expect(Math.max(...distance)).toBeLessThan(1e-12);
  });

  it('follows a promotion and a roll-back', async () => {
    await workspace.run({ from: 'train', to: 'train' });
    expect(aliases(seen())).toEqual([
      { champion: 1, challenger: 2 },
      { champion: 1, challenger: 2 },
    ]);
    await workspace.withContext((context) => promoteStep(context, { set: 2, overrule: true, why: 'a test' }));
    const promoted = seen();
    expect(promoted.runs).toHaveLength(2);
    expect(aliases(promoted)).toEqual([{ champion: 2 }, { champion: 2 }]);
    expect(promoted.models[SET]?.versions).toMatchObject({
      1: { stage: 'Archived' },
      2: { stage: 'Production' },
    });
    await workspace.withContext((context) => rollback(context, { why: 'a test' }));
    const back = seen();
    expect(aliases(back)).toEqual([{ champion: 1 }, { champion: 1 }]);
    expect(back.models[MODEL]?.versions).toMatchObject({
      1: { stage: 'Production' },
      2: { stage: 'Archived' },
    });
  });

  it('gives an empty workspace the same models, which score the same rows to the bit', async () => {
    await using other = await openMagazine({ settings: uri });
    const { result } = await other.withContext((context) => pullModels(context));
    expect(result).toMatchObject({ set: 1, name: SET, version: 1, promotion: null });
    const state = await other.withContext(({ registry }) => registry.state());
    expect(state).toMatchObject({ champion: null, challenger: 1 });
    expect(state.sets.get(1)?.origin).toBe(`pulled from ${server.uri} version 1`);
    expect(await fileHashes(other, `models/${MODEL}/1`)).toEqual(
      await fileHashes(workspace, `models/${MODEL}/1`),
    );
    expect(state.sets.get(1)?.hash).toBe(
      (await workspace.withContext(({ registry }) => registry.state())).sets.get(1)?.hash,
    );
    await other.withContext((context) => pullModels(context));
    expect((await other.withContext(({ registry }) => registry.state())).number).toBe(1);
    expect(
      await failureOf(other.withContext((context) => pullModels(context, { promote: true }))),
    ).toMatchObject({ code: 'HF108' });
    expect(
      await failureOf(other.withContext((context) => pullModels(context, { alias: 'nobody' }))),
    ).toMatchObject({ code: 'HF507' });

    await other.land('readers.csv', readers(1500));
    await other.run({ to: 'build' });
    await other.withContext((context) => pullModels(context, { promote: true, why: 'as there', by: 'ana' }));
    expect(await other.withContext(({ registry }) => registry.state())).toMatchObject({ champion: 1 });
    await other.run({ from: 'score', to: 'lists' });
    await workspace.run({ from: 'score', to: 'lists' });
    expect(await scoresOf(other)).toEqual(await scoresOf(workspace));
  });

  it('may be away while a training goes on: what it missed is sent by the next command, once', async () => {
    const before = seen();
    await server.stop();
    const trained = await workspace.run({ from: 'train', to: 'train' }, { 'learner.seed': 8 });
    expect(trained.steps.map(({ step }) => step)).toEqual(['train']);
    expect(workspace.warnings.at(-1)).toMatch(/cannot be reached.*2 uploads wait in state\/uploads\.jsonl/);
    expect(await waiting(workspace)).toBe(2);
    expect(await failureOf(workspace.withContext((context) => pushModels(context, 1)))).toMatchObject({
      code: 'HF701',
      exitCode: 1,
    });
    expect(await waiting(workspace)).toBe(2);

    await server.start();
    await workspace.withContext((context) => archive(context, 2, { why: 'a test' }));
    expect(await waiting(workspace)).toBe(0);
    const after = seen();
    expect(after.runs).toHaveLength(before.runs.length + 1);
    expect(after.runs.map(({ tags }) => tags['holdfast.set'])).toContain('3');
    expect(after.models[SET]?.aliases).toEqual({ champion: 1, challenger: 3 });
    const { result } = await workspace.withContext((context) => pushModels(context, 1));
    expect(result).toMatchObject({ versions: { [SET]: 1, [MODEL]: 1 }, sent: 0 });
    expect(seen()).toEqual(after);
  });
});
