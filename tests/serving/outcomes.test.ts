/** What became of entities: strict in what is taken, on disk before it is acknowledged, and joined to what was said. */
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/index.ts';
import { openOutcomeTaker, openRecorder, queryLake, type ReportedOutcome } from '../../src/workflow/index.ts';
import { openMagazine } from '../main-job/magazine.ts';
import { textOfFile } from '../repository/tree.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService } from './formula-service.ts';

const NOW = '2024-09-15T12:00:00Z';
const GOOD = { customer_id: 'CUST_00001', outcome: 'left', observed_on: '2024-09-14' };

async function post(door: Door, payload: string) {
  const answer = await door.app.inject({
    method: 'POST',
    url: '/outcomes',
    payload,
    headers: { 'content-type': 'application/json', host: 'localhost' },
  });
  const body = JSON.parse(answer.payload) as Record<string, unknown> & { error?: { field?: string } };
  return { status: answer.statusCode, body };
}

const openOutcomeDoor = async (settings = {}): Promise<Door> =>
  openDoor(
    await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] }),
    settings,
    fixedClock(NOW),
  );

async function linesOf(folder: string): Promise<string[]> {
  const names = await readdir(path.join(folder, 'outcomes')).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, 'outcomes', name), 'utf8')));
  return texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

describe('POST /outcomes', () => {
  it('takes one outcome or many, which are on disk with the answer and name nobody', async () => {
    await using door = await openOutcomeDoor();
    const one = await post(door, JSON.stringify({ ...GOOD, horizon: '30d', request_id: 'order-4711' }));
    expect(one).toMatchObject({ status: 200, body: { taken: 1, repeated: 0, corrected: 0 } });
    const many = await post(
      door,
      JSON.stringify([
        GOOD,
        { ...GOOD, customer_id: 'B', outcome: 'stayed', horizon: null, request_id: null },
      ]),
    );
    expect(many.body).toMatchObject({ taken: 2, repeated: 0 });
    const lines = await linesOf(door.folder);
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { outcome: 'left', observed_on: '2024-09-14', horizon: '30d', request_id: 'order-4711' },
      { outcome: 'left', horizon: null, request_id: null },
      { outcome: 'stayed' },
    ]);
    expect(lines.join('')).not.toContain('CUST_00001');
    expect((await post(door, '[]')).body).toMatchObject({ taken: 0, repeated: 0 });
  });

  it('counts what it knows already and does not double it, and lets a later word stand', async () => {
    await using door = await openOutcomeDoor();
    await post(door, JSON.stringify(GOOD));
    expect((await post(door, JSON.stringify([GOOD, GOOD]))).body).toMatchObject({ taken: 0, repeated: 2 });
    // Another day, horizon or request is another statement.
    const others = [
      { ...GOOD, observed_on: '2024-09-13' },
      { ...GOOD, horizon: '30d' },
      { ...GOOD, request_id: 'order-4711' },
    ];
    expect((await post(door, JSON.stringify(others))).body).toMatchObject({ taken: 3, repeated: 0 });
    const corrected = await post(door, JSON.stringify({ ...GOOD, outcome: 'stayed' }));
    expect(corrected.body).toMatchObject({ taken: 1, repeated: 0, corrected: 1 });
    const back = await post(door, JSON.stringify([{ ...GOOD, outcome: 'stayed' }, GOOD]));
    expect(back.body).toMatchObject({ taken: 1, repeated: 1, corrected: 1 });
    const { payload } = await door.app.inject({ url: '/metrics', headers: { host: 'localhost' } });
    expect(payload).toContain('churn_outcomes_total{result="taken"} 6');
    expect(payload).toContain('churn_outcomes_total{result="repeated"} 3');
  });

  const wrong: Record<string, (string | undefined)[]> = {
    customer_id: [undefined, 'null', '7', 'true', '""', '[]', JSON.stringify('x'.repeat(257)), '"\\ud800"'],
    outcome: [undefined, 'null', 'true', '1', '"gone"', '"LEFT"', '""', '{}'],
    observed_on: [
      ...[undefined, 'null', '20240914', '"2024-9-14"', '"14.09.2024"', '"2024-02-30"', '"2024-13-01"', '""'],
      ...['"2024-09-14T00:00:00Z"', '"2024-09-17"', '"9999-12-31"', '"0000-00-00"', '[]', '1e999', 'NaN'],
    ],
    horizon: ['30', '"30"', '"45d"', '"30D"', 'true', '[]', '""'],
    request_id: ['7', '"short"', '"with blank inside"', '{}', 'true', JSON.stringify('x'.repeat(65))],
    churned: ['true'],
    ['__proto__']: ['1'],
  };
  it.each(Object.keys(wrong))('refuses each wrong %s by its name, alone and in a list', async (name) => {
    await using door = await openOutcomeDoor();
    for (const value of wrong[name] ?? []) {
      const fields = Object.entries({ ...GOOD })
        .filter(([key]) => key !== name)
        .map(([key, own]) => `${JSON.stringify(key)}:${JSON.stringify(own)}`);
      if (value !== undefined) fields.push(`${JSON.stringify(name)}:${value}`);
      const body = `{${fields.join(',')}}`;
      const alone = await post(door, body);
      expect([400, 422], `${name} ${String(value)}`).toContain(alone.status);
      expect(alone.body.error?.field, `${name} ${String(value)}`).toBe(name);
      const listed = await post(door, `[${JSON.stringify(GOOD)},${body}]`);
      expect(listed.body.error?.field, `${name} ${String(value)}`).toBe(`[1].${name}`);
    }
    expect(await linesOf(door.folder)).toEqual([]);
  });

  it('takes the day that has begun somewhere on earth already', async () => {
    await using door = await openOutcomeDoor();
    expect((await post(door, JSON.stringify({ ...GOOD, observed_on: '2024-09-16' }))).status).toBe(200);
  });

  it.each(['null', '7', '"a"', '{}', '[[]]', ''])('refuses a body of %j', async (payload) => {
    await using door = await openOutcomeDoor();
    expect([400, 422]).toContain((await post(door, payload)).status);
  });

  it('takes as many as a batch may have', async () => {
    await using door = await openOutcomeDoor({ maxBatchSize: 2 });
    expect((await post(door, JSON.stringify([GOOD, GOOD]))).status).toBe(200);
    const { status, body } = await post(door, JSON.stringify([GOOD, GOOD, GOOD]));
    expect(status).toBe(413);
    expect(body).toMatchObject({ error: { code: 'HF616' } });
  });

  it('says 503 and takes nothing where the state folder cannot be written, and goes on when it can', async () => {
    await using door = await openOutcomeDoor();
    const folder = path.join(door.folder, 'outcomes');
    await writeFile(folder, 'a file where the folder should be');
    const { status, body } = await post(door, JSON.stringify(GOOD));
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { code: 'HF623' } });
    await rm(folder);
    expect((await post(door, JSON.stringify(GOOD))).body).toMatchObject({ taken: 1, repeated: 0 });
  });

  it('takes what many send at once, each thing once', async () => {
    await using door = await openOutcomeDoor();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        post(door, JSON.stringify({ ...GOOD, customer_id: `C${String(index % 10)}` })),
      ),
    );
    const taken = answers.reduce((sum, { body }) => sum + Number(body['taken']), 0);
    expect(taken).toBe(10);
    expect(await linesOf(door.folder)).toHaveLength(10);
  });
});

describe('the log of outcomes', () => {
  let workspace: TestWorkspace;
  let state: string;
  beforeAll(async () => {
    workspace = await openMagazine();
    state = await workspace.withContext(({ config }) => Promise.resolve(config.state));
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const query = (sql: string) =>
    workspace.withContext(async (context) => (await queryLake(context, sql)).rows);
  /** Another process each time. */
  const take = async (outcomes: readonly ReportedOutcome[], now: string) => {
    await using taker = await openOutcomeTaker(state, [90], fixedClock(now));
    return await taker.take(outcomes);
  };
  const left: ReportedOutcome = { entityId: 'R0001', outcome: 'left', observedOn: '2024-07-01' };

  it('is empty before it begins', async () => {
    expect(await query('SELECT count(*) AS n FROM serving.outcomes')).toMatchObject([{ n: 0 }]);
  });

  it('knows over restarts what it has, leaves torn lines out, and shows what stands', async () => {
    expect(await take([left], '2024-07-02T08:00:00Z')).toEqual({ taken: 1, repeated: 0, corrected: 0 });
    const folder = path.join(state, 'outcomes');
    const [file = ''] = await readdir(folder);
    await appendFile(
      path.join(folder, file),
      '{"received_at":"2024-07-02T08:00:00Z","entity_hash":"torn","outc',
    );
    expect(await take([left], '2024-07-02T09:00:00Z')).toEqual({ taken: 0, repeated: 1, corrected: 0 });
    expect(await take([{ ...left, outcome: 'stayed' }], '2024-07-02T10:00:00Z')).toMatchObject({
      corrected: 1,
    });
    // Two servers that know nothing of each other may both take the same.
    await mkdir(folder, { recursive: true });
    const [line = ''] = (await readFile(path.join(folder, file), 'utf8')).split('\n');
    await writeFile(path.join(folder, '2024-07-02-other-1.jsonl'), `${line}\n`);
    const rows = await query(
      'SELECT outcome, CAST(observed_on AS STRING) AS day, horizon, request_id FROM serving.outcomes',
    );
    expect(rows).toEqual([{ outcome: 'stayed', day: '2024-07-01', horizon: null, request_id: null }]);
  });

  it('joins to the predictions by the query of the guide, which says how right they were', async () => {
    using recorder = await openRecorder(state, fixedClock('2024-08-01T12:00:00Z'));
    const answer = {
      horizons: [{ days: 90, probability: 0.25, riskDecile: 3, riskScore: 0.4 }],
      ...{ tier: 'COOL', action: '', owner: '', sla: '', reasons: [], unseenCategories: [] },
      ...{ modelSet: 1, modelSetHash: 'h' },
    };
    for (const entityId of ['Q1', 'Q2', 'Q3', 'Q4', 'Q5'])
      recorder.record({
        requestId: `request-${entityId}`,
        answeredAt: '2024-08-01T12:00:00.000Z',
        entityId,
        features: null,
        answer: { ...answer, entityId },
        latencyMs: 1,
      });
    recorder.flush();
    await take(
      [
        { entityId: 'Q1', outcome: 'left', observedOn: '2024-09-01' },
        // Left, but after the horizon, so within it the reader stayed.
        { entityId: 'Q2', outcome: 'left', observedOn: '2024-12-24' },
        { entityId: 'Q3', outcome: 'stayed', observedOn: '2024-11-01' },
        // Too early to say anything.
        { entityId: 'Q4', outcome: 'stayed', observedOn: '2024-09-01' },
      ],
      '2024-12-31T12:00:00Z',
    );
    const guide = textOfFile('docs/guides/serving.md');
    const sql = /```sql\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    expect(sql).toContain('serving.outcomes');
    const rows = await query(sql.replaceAll('30d', '90d').replaceAll('INTERVAL 30 DAY', 'INTERVAL 90 DAY'));
    expect(rows).toMatchObject([{ model_set: 1, answered_by: 'champion', predictions: 3, said: 0.25 }]);
    expect(Number(rows[0]?.['happened'])).toBeCloseTo(1 / 3, 9);
  });
});
