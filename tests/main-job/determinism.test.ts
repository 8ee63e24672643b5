/** The same files and settings give the same bytes, whatever the number of threads. */
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../src/engine/index.ts';
import type { TrainResult } from '../../src/workflow/index.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, makeDeliveries } from './deliveries.ts';
import { fileHashes } from './lake-state.ts';

const TABLES = [
  'silver.customer_info',
  'silver.usage_daily',
  'silver.usage_monthly',
  'silver.calls',
  'silver.cease',
  'gold.churn_features',
  'gold.churn_labels',
  'gold.churn_training_set',
  'gold.churn_scores',
  'gold.action_list_loyalty',
  'gold.action_list_marketing',
  'gold.action_list_customer_success',
] as const;

let deliveries: Deliveries;
let alone: TestWorkspace;
let together: TestWorkspace;
const sets: TrainResult['set'][] = [];
const hashes: Record<string, Row>[] = [];

/** Rows of every table as one hash of their text, in which two doubles are equal only to the last bit. */
function tableHashes(workspace: TestWorkspace): Promise<Record<string, Row>> {
  return workspace.withContext(async ({ engine, lake }) => {
    await lake.attach(TABLES);
    const found: Record<string, Row> = {};
    for (const table of TABLES) {
      const [row] = await engine.rows(
        `SELECT count(*) AS row_count, sha256(string_agg(text, chr(10) ORDER BY text)) AS hash
         FROM (SELECT row_text(t) AS text FROM ${table} AS t) AS texts`,
      );
      if (row !== undefined) found[table] = row;
    }
    return found;
  });
}

beforeAll(async () => {
  deliveries = await makeDeliveries({
    customers: 600,
    from: '2023-09-01',
    cut: '2024-10-01',
    to: '2024-11-01',
  });
  const open = async (threads: number): Promise<TestWorkspace> => {
    const workspace = await openWorkspace({
      settings: { 'learner.rounds': 30, 'engine.threads': threads, 'learner.threads': threads },
    });
    await cp(deliveries.first, workspace.landing, { recursive: true });
    const { steps } = await workspace.run();
    hashes.push(await tableHashes(workspace));
    sets.push((steps.find(({ step }) => step === 'train')?.result as TrainResult).set);
    return workspace;
  };
  alone = await open(1);
  together = await open(2);
});
afterAll(async () => {
  await alone[Symbol.asyncDispose]();
  await together[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

test.each(TABLES)('%s has the same rows with one thread and with two', (table) => {
  expect(hashes).toHaveLength(2);
  expect(hashes[0]?.[table]).toMatchObject({ row_count: expect.any(Number) as unknown });
  expect(hashes[1]?.[table]).toEqual(hashes[0]?.[table]);
});

test('models have the same text and the same content hash', async () => {
  for (const days of [30, 60, 90]) {
    const text = (workspace: TestWorkspace): Promise<string> =>
      readFile(path.join(workspace.folder, `models/churn_model_${String(days)}d/1/model.txt`), 'utf8');
    expect(await text(together)).toBe(await text(alone));
  }
  expect(sets).toHaveLength(2);
  expect(sets[1]).toEqual(sets[0]);
});

test('list files are the same to the byte', async () => {
  const lists = await fileHashes(alone, 'lists');
  expect(Object.keys(lists)).toHaveLength(3);
  expect(await fileHashes(together, 'lists')).toEqual(lists);
});

test('training again on the same table gives the model set that there is', async () => {
  const { steps } = await together.run({ from: 'train', to: 'train', retrain: true });
  expect((steps[0]?.result as TrainResult).set).toEqual(sets[0]);
  expect(Object.keys(await fileHashes(together, 'models/sets'))).toEqual(['1.json']);
});
