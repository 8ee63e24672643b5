/** A run that is asked to stop: what was committed stays, nothing is half made, and the next run goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/index.ts';
import { type Progress, silentProgress } from '../../src/kernel/index.ts';
import { openContext, runSteps } from '../../src/workflow/index.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { copyOf, failureOf, fileHashes, tableVersions } from './lake-state.ts';
import { MAGAZINE_PACK, openMagazine, readers } from './magazine.ts';

const MAGAZINE = { pack: MAGAZINE_PACK };

let prepared: TestWorkspace;
beforeAll(async () => {
  prepared = await openMagazine();
  await prepared.land('readers_1.csv', readers(400));
});
afterAll(() => prepared[Symbol.asyncDispose]());

/** Runs the whole job and interrupts it once the task of that label has begun, or come to its first round. */
async function interrupt(workspace: TestWorkspace, label: string, when: 'start' | 'update') {
  const interruption = new AbortController();
  const progress: Progress = {
    ...silentProgress,
    start: (begun) => {
      if (begun === label && when === 'start') interruption.abort();
      return {
        update: () => {
          if (begun === label) interruption.abort();
        },
        done: () => undefined,
      };
    },
  };
  const { config, pack } = await resolveConfig({
    flags: [
      { key: 'workspace', value: workspace.folder, flag: '--workspace' },
      { key: 'pack', value: MAGAZINE_PACK, flag: '--pack' },
      // Far more rounds than are run before the interruption arrives.
      { key: 'learner.rounds', value: '100000', flag: '--set' },
      { key: 'learner.early_stopping_rounds', value: '100000', flag: '--set' },
    ],
  });
  await using context = await openContext({ config, pack, progress, signal: interruption.signal });
  return await failureOf(runSteps(context, { command: 'run' }));
}

const lastRun = (workspace: TestWorkspace) =>
  workspace.withContext(async ({ runs }) => (await runs.read()).at(-1));

test('an interruption during training keeps the tables, leaves no model and is in the run log', async () => {
  await using workspace = await copyOf(prepared, MAGAZINE);
  const failure = await interrupt(workspace, 'train 90 days', 'update');
  expect(failure).toMatchObject({ code: 'HF930', exitCode: 130 });
  expect(await lastRun(workspace)).toMatchObject({
    status: 'interrupted',
    error: { code: 'HF930' },
    steps: [{ step: 'ingest' }, { step: 'build' }],
  });
  expect(await fileHashes(workspace, 'models')).toEqual({});
  const versions = await tableVersions(workspace);
  expect(versions).toMatchObject({ 'bronze.readers': 0, 'gold.churn_training_set': 0 });
  expect(versions).not.toHaveProperty('gold.churn_scores');

  const { steps } = await workspace.run();
  expect(steps.map(({ step }) => step)).toEqual(['ingest', 'build', 'train', 'promote', 'score', 'lists']);
  expect(steps[0]?.summary).toBe('took 0 new files with 0 rows; 1 were known');
  expect(await lastRun(workspace)).toMatchObject({ status: 'done' });
  // The audit before each training leaves a line of its own.
  const audited = Number(versions['quality.expectation_results']) + 1;
  expect(await tableVersions(workspace)).toMatchObject({
    ...versions,
    'quality.expectation_results': audited,
    'gold.churn_scores': 0,
  });
});

test('an interruption during another step ends the run before the next one', async () => {
  await using workspace = await copyOf(prepared, MAGAZINE);
  const failure = await interrupt(workspace, 'build silver.readers', 'start');
  expect(failure).toMatchObject({ code: 'HF930', exitCode: 130 });
  expect(failure.hint).toContain('run the command again');
  expect(await lastRun(workspace)).toMatchObject({
    status: 'interrupted',
    error: { code: 'HF930', message: 'interrupted' },
    steps: [{ step: 'ingest' }, { step: 'build' }],
  });
  expect((await workspace.run()).steps).toHaveLength(6);
});
