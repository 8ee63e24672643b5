/** Answers are on disk before they leave, and can be queried; nobody can read who they were about. */
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/index.ts';
import { openPredictionLog } from '../../src/store/index.ts';
import { openRecorder, queryLake } from '../../src/workflow/index.ts';
import { openMagazine } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await openMagazine();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const ANSWER = {
  entityId: 'R0001',
  horizons: [{ days: 90, probability: 0.25, riskDecile: 3, riskScore: 0.4 }],
  tier: 'COOL',
  action: '',
  owner: '',
  sla: '',
  reasons: [],
  unseenCategories: [],
  modelSet: 1,
  modelSetHash: 'h',
};

const query = (sql: string) => workspace.withContext(async (context) => (await queryLake(context, sql)).rows);

test('a log that has not begun is empty', async () => {
  expect(await query('SELECT count(*) AS n FROM serving.predictions')).toMatchObject([{ n: 0 }]);
});

test('holds every answer, with the same hash for the same customer, also after a killed process tore a line', async () => {
  const state = await workspace.withContext(({ config }) => Promise.resolve(config.state));
  const clock = fixedClock('2024-06-01T12:00:00Z');
  for (const [requestId, entityId] of [
    ['a', 'R0001'],
    ['b', 'R0002'],
    ['c', 'R0001'],
  ] as const) {
    // Another process each time.
    using recorder = await openRecorder(state, clock);
    const answer = { ...ANSWER, entityId };
    const answeredAt = clock.now().toISOString();
    recorder.record({
      requestId,
      answeredAt,
      entityId,
      features: { complaints: 2 },
      answer,
      latencyMs: 1.25,
    });
  }
  const folder = path.join(state, 'predictions');
  const [file = ''] = await readdir(folder);
  await appendFile(path.join(folder, file), '{"request_id":"torn","answ');
  const rows = await query(
    "SELECT request_id, entity_hash, tier, probabilities['90d'] AS p FROM serving.predictions ORDER BY request_id",
  );
  expect(rows).toMatchObject([
    { request_id: 'a', tier: 'COOL', p: 0.25 },
    { request_id: 'b' },
    { request_id: 'c' },
  ]);
  expect(rows[0]?.['entity_hash']).toBe(rows[2]?.['entity_hash']);
  expect(rows[0]?.['entity_hash']).not.toBe(rows[1]?.['entity_hash']);
  for (const name of await readdir(folder))
    expect(await readFile(path.join(folder, name), 'utf8')).not.toContain('R0001');
});

test('keeps records that the disk does not take, and writes them in order as soon as it does', async () => {
  const state = await mkdtemp(path.join(tmpdir(), 'holdfast-log-'));
  const folder = path.join(state, 'predictions');
  // Where the folder should be is a file.
  await writeFile(folder, '');
  const taken: string[] = [];
  const log = openPredictionLog(state, fixedClock('2024-06-01T12:00:00Z'), {
    onTaken: ({ request_id: id }) => taken.push(id),
  });
  const record = {
    ...{ record_id: 'x', answered_at: '2024-06-01T12:00:00.000Z', entity_hash: 'h', model_set: 1 },
    ...{ model_set_hash: 'h', tier: 'COOL', probabilities: {}, features: null, features_as_of: null },
    ...{ latency_ms: 1, answered_by: 'champion', cached: false },
  };
  for (const id of ['a', 'b']) {
    log.write({ ...record, request_id: id });
    expect(() => {
      log.flush();
    }).toThrow(/EEXIST|ENOTDIR/);
  }
  expect(taken).toEqual([]);
  await rm(folder);
  log.write({ ...record, request_id: 'c' });
  log.flush();
  expect(taken).toEqual(['a', 'b', 'c']);
  expect(log.lost).toBe(0);
  log[Symbol.dispose]();
  const [file = ''] = await readdir(folder);
  const lines = (await readFile(path.join(folder, file), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { request_id: string }).request_id)).toEqual([
    'a',
    'b',
    'c',
  ]);
  await rm(state, { recursive: true });
});
