/** A challenger beside the champion: whom it answers, what it says unheard, and that it never gets in the way. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/kernel/index.ts';
import { type ChallengeParts, openChallenge, type ScoringService } from '../../src/workflow/index.ts';
import type { PredictionRecorder } from '../../src/server/index.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService, servedSet } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';
import { rawReader } from './raw-reader.ts';

const JSON_HEADERS = { 'content-type': 'application/json', host: 'localhost' };
const HORIZONS = [30, 60, 90];
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Pair extends AsyncDisposable {
  readonly door: Door;
  readonly service: ScoringService;
  readonly champion: FormulaService;
  readonly challenger: FormulaService;
}

/** Set 1 answers, set 7 challenges. */
async function openPair(
  terms: Partial<ChallengeParts['terms']>,
  wanted: ChallengeParts['wanted'] = () => Promise.resolve(7),
  recorder: Partial<PredictionRecorder> = {},
): Promise<Pair> {
  const champion = await formulaService({ pack: 'packs/broadband', horizons: HORIZONS });
  champion.raw = rawReader();
  const challenger = await formulaService({ pack: 'packs/broadband', horizons: HORIZONS });
  challenger.set = servedSet(HORIZONS, 7);
  const service = await openChallenge({
    champion,
    challenger,
    wanted,
    terms: { named: 'challenger', isShadow: false, splitPercent: 0, ...terms },
    hash,
  });
  // It is loaded in the background before that.
  await service.reload();
  const door = await openDoor(service, {}, undefined, recorder);
  return {
    door,
    service,
    champion,
    challenger,
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}

async function post(door: Door, url: string, body: unknown) {
  const answer = await door.app.inject({
    method: 'POST',
    url,
    payload: JSON.stringify(body),
    headers: JSON_HEADERS,
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}
const get = async (door: Door, url: string) =>
  (await door.app.inject({ url, headers: { host: 'localhost' } })).payload;
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
const customer = (id: string): object => ({ ...LLD_REQUEST, customer_id: id });
/** Whether the challenger answers about a customer whose features are given. */
const isSplitOff = ({ service }: Pair, entityId: string): boolean =>
  service.score({ entityId, features: {} }).modelSet === 7;
const IDS = Array.from({ length: 2000 }, (_, index) => `C${String(index)}`);

describe('a split', () => {
  it('sends a stable share of the customers to the challenger, on all routes, and says who answered', async () => {
    await using pair = await openPair({ splitPercent: 10 });
    const mine = IDS.filter((id) => isSplitOff(pair, id));
    expect(mine.length / IDS.length).toBeGreaterThan(0.07);
    expect(mine.length / IDS.length).toBeLessThan(0.13);
    const { headers, body } = await post(pair.door, '/predict/batch', IDS.slice(0, 200).map(customer));
    expect(headers['x-model-set']).toBe('1, 7');
    const rows = body as unknown as { customer_id: string; model_set: number }[];
    for (const row of rows)
      expect(row.model_set, row.customer_id).toBe(mine.includes(row.customer_id) ? 7 : 1);
    for (const id of [mine[0] ?? '', IDS.find((other) => !mine.includes(other)) ?? '']) {
      const set = mine.includes(id) ? 7 : 1;
      const answered = set === 7 ? 'challenger' : 'champion';
      const alone = await post(pair.door, '/predict', customer(id));
      expect([alone.headers['x-model-set'], alone.body['model_set']]).toEqual([String(set), set]);
      expect(pair.door.recorded.at(-1)?.answer.answeredBy).toBe(answered);
      pair.champion.known.add(id);
      pair.challenger.known.add(id);
      expect((await post(pair.door, '/predict', { customer_id: id })).headers['x-model-set']).toBe(
        String(set),
      );
      const row = { customerID: id, tenure: 1, MonthlyCharges: 1, Contract: 'x', Since: null };
      expect((await post(pair.door, '/predict/raw', row)).headers['x-model-set']).toBe(String(set));
    }
    const metrics = await get(pair.door, '/metrics');
    expect(metrics).toMatch(/churn_answers_total\{answered_by="challenger"\} \d+/);
    expect(metrics).toMatch(/churn_answers_total\{answered_by="champion"\} \d+/);
  });

  it('keeps who was sent there when the share grows, and is the same after a restart', async () => {
    await using small = await openPair({ splitPercent: 10 });
    await using again = await openPair({ splitPercent: 10 });
    await using large = await openPair({ splitPercent: 35 });
    await using all = await openPair({ splitPercent: 100 });
    const share = (pair: Pair): string[] => IDS.filter((id) => isSplitOff(pair, id));
    expect(share(again)).toEqual(share(small));
    expect(share(small).filter((id) => !share(large).includes(id))).toEqual([]);
    expect(share(large).length / IDS.length).toBeCloseTo(0.35, 1);
    expect(share(all)).toEqual(IDS);
  });

  it('leaves to the champion what is asked for by key, where the challenger cannot look it up', async () => {
    await using pair = await openPair({ splitPercent: 100 });
    for (const lookup of ['none', 'loading'] as const) {
      Object.assign(pair.challenger, { lookup });
      const byKey = { customer_id: 'CUST_00001' };
      expect((await post(pair.door, '/predict', byKey)).body['model_set']).toBe(1);
      expect((await post(pair.door, '/predict/batch', [byKey, LLD_REQUEST])).headers['x-model-set']).toBe(
        '1, 7',
      );
    }
  });

  it('asks everybody for what one of the two sets needs, whoever answers', async () => {
    await using pair = await openPair({ splitPercent: 50 });
    const unused = (service: FormulaService, ...names: string[]): void => {
      service.features = service.features.map((feature) =>
        names.includes(feature.name) ? { ...feature, isUnused: true } : feature,
      );
    };
    unused(pair.champion, 'speed', 'technology');
    unused(pair.challenger, 'technology');
    const isUnused = pair.service.features.filter((feature) => feature.isUnused === true);
    expect(isUnused.map(({ name }) => name)).toEqual(['technology']);
    expect(pair.service.features).toBe(pair.service.features);
    const { speed: _speed, ...without } = LLD_REQUEST;
    expect((await post(pair.door, '/predict', without)).body).toMatchObject({ error: { field: 'speed' } });
  });

  it('answers a batch by one pair of sets, although another challenger comes while it is scored', async () => {
    let id = 7;
    await using pair = await openPair({ splitPercent: 50 }, () => Promise.resolve(id));
    pair.champion.costMs = 2;
    pair.challenger.costMs = 2;
    const answer = post(pair.door, '/predict/batch', IDS.slice(0, 30).map(customer));
    await new Promise((resolve) => setTimeout(resolve, 25));
    id = 8;
    pair.challenger.set = servedSet(HORIZONS, 8);
    expect((await answer).headers['x-model-set']).toBe('1, 8');
    const sets = new Set(pair.door.recorded.map(({ answer: { modelSet } }) => modelSet));
    expect([...sets].sort()).toEqual([1, 8]);
    const metrics = await get(pair.door, '/metrics');
    expect(metrics).toContain('churn_api_predictions_total{horizon="30d"} 30\n');
    expect(metrics).toContain('churn_prediction_latency_seconds_count 30\n');
  });

  it('counts no prediction of a batch that one row refuses, and each of one that is answered in part', async () => {
    await using pair = await openPair({});
    const batch = [LLD_REQUEST, { customer_id: 'CUST_00001' }, { customer_id: 'NOBODY' }];
    const count = async (name: string): Promise<string | undefined> =>
      (await get(pair.door, '/metrics')).split('\n').find((line) => line.startsWith(`${name} `));
    expect((await post(pair.door, '/predict/batch', batch)).status).toBe(404);
    expect(await count('churn_api_predictions_total{horizon="30d"}')).toBeUndefined();
    expect(await count('churn_feature_lookups_total{result="found"}')).toBeUndefined();
    expect(await count('churn_feature_lookups_total{result="unknown"}')).toMatch(/ 1$/);
    expect((await post(pair.door, '/predict/batch?partial=true', batch)).status).toBe(200);
    expect(await count('churn_api_predictions_total{horizon="30d"}')).toMatch(/ 2$/);
    expect(await count('churn_feature_lookups_total{result="found"}')).toMatch(/ 1$/);
    expect(await count('churn_feature_lookups_total{result="unknown"}')).toMatch(/ 2$/);
  });
});

describe('a shadow', () => {
  it('scores what was answered, for the log alone', async () => {
    await using pair = await openPair({ isShadow: true });
    const { headers, body } = await post(pair.door, '/predict', LLD_REQUEST);
    expect(headers['x-model-set']).toBe('1');
    await turn();
    const [champion, shadow] = pair.door.recorded;
    expect(champion?.answer).toMatchObject({ answeredBy: 'champion', modelSet: 1 });
    expect(shadow?.answer).toMatchObject({ answeredBy: 'shadow', modelSet: 7 });
    expect(shadow).toMatchObject({
      requestId: body['request_id'],
      entityId: 'CUST_00001',
      features: champion?.features,
    });
    await post(pair.door, '/predict/batch', [LLD_REQUEST, { customer_id: 'CUST_00001' }]);
    await turn();
    expect(pair.door.recorded.map(({ answer }) => answer.answeredBy)).toEqual([
      ...['champion', 'shadow', 'champion', 'champion', 'shadow', 'shadow'],
    ]);
    const metrics = await get(pair.door, '/metrics');
    expect(metrics).toContain('churn_shadow_scores_total{result="scored"} 3');
    expect(metrics).toContain('churn_answers_total{answered_by="champion"} 3');
    expect(metrics).toContain('churn_api_predictions_total{horizon="30d"} 3');
  });

  it('asks for answers that are neither kept nor taken from those that are', async () => {
    await using pair = await openPair({ isShadow: true });
    const asked: unknown[] = [];
    const score = pair.challenger.score.bind(pair.challenger);
    pair.challenger.score = (request, options) => {
      asked.push(options);
      return score(request, options);
    };
    await post(pair.door, '/predict', LLD_REQUEST);
    await turn();
    expect(asked).toEqual([{ reasons: false, isApart: true }]);
  });

  it('that fails is counted and told once, and touches no answer', async () => {
    await using pair = await openPair({ isShadow: true });
    pair.challenger.score = () => {
      throw new HoldfastError('HF900', { message: 'broken' });
    };
    for (let count = 0; count < 5; count += 1)
      expect((await post(pair.door, '/predict', LLD_REQUEST)).status).toBe(200);
    await turn();
    expect(pair.door.recorded).toHaveLength(5);
    expect(await get(pair.door, '/metrics')).toContain('churn_shadow_scores_total{result="failed"} 5');
    const told = pair.door.logged.filter(({ message }) => message === 'the challenger failed in the shadow');
    expect(told).toHaveLength(1);
  });

  it('that lacks a key tells the log neither the key nor what was said of it', async () => {
    await using pair = await openPair({ isShadow: true });
    pair.challenger.known.clear();
    expect((await post(pair.door, '/predict', { customer_id: 'CUST_00001' })).status).toBe(200);
    await turn();
    const told = pair.door.logged.filter(({ message }) => message === 'the challenger failed in the shadow');
    expect(told.map(({ facts }) => facts)).toEqual([
      { request_id: expect.any(String) as string, code: 'HF603' },
    ]);
  });

  it('begins when the answer has left: its records come after those that the answer waited for', async () => {
    const events: string[] = [];
    await using pair = await openPair({ isShadow: true }, undefined, {
      record: ({ answer }) => events.push(String(answer.answeredBy)),
      flush: () => events.push('flush'),
    });
    for (const [url, body] of [
      ['/predict', LLD_REQUEST],
      ['/predict/batch', [LLD_REQUEST]],
      ['/predict/raw', { customerID: 'a', tenure: 1, MonthlyCharges: 1, Contract: 'x', Since: null }],
    ] as const) {
      expect((await post(pair.door, url, body)).status).toBe(200);
      await turn();
      expect(events.splice(0)).toEqual(['champion', 'flush', 'shadow', 'flush']);
    }
  });

  it('goes on where the log of predictions cannot be written, also when it ends', async () => {
    const pair = await openPair({ isShadow: true }, undefined, {
      flush: () => {
        throw new Error('no space left on the device');
      },
    });
    expect((await post(pair.door, '/predict', LLD_REQUEST)).status).toBe(200);
    await turn();
    expect((await post(pair.door, '/predict', LLD_REQUEST)).status).toBe(200);
    await pair.door[Symbol.asyncDispose]();
    expect(pair.door.recorded).toHaveLength(4);
    const told = pair.door.logged.filter(({ message }) => message === 'the prediction log took nothing');
    expect(told).toHaveLength(4);
  });

  it('that is behind skips rows and counts them', async () => {
    await using pair = await openPair({ isShadow: true });
    const batch = Array(1000).fill(LLD_REQUEST);
    pair.challenger.costMs = 1;
    for (let count = 0; count < 7; count += 1) await post(pair.door, '/predict/batch', batch);
    pair.challenger.costMs = 0;
    const skipped = /result="skipped"\} (\d+)/.exec(await get(pair.door, '/metrics'))?.[1];
    expect(Number(skipped)).toBeGreaterThan(0);
    expect(pair.door.recorded.filter(({ answer }) => answer.answeredBy === 'champion')).toHaveLength(7000);
  });

  it('does not score again what the challenger has answered, and scores what waits before it ends', async () => {
    const pair = await openPair({ isShadow: true, splitPercent: 50 });
    await post(pair.door, '/predict/batch', IDS.slice(0, 400).map(customer));
    await pair.door[Symbol.asyncDispose]();
    const by = (name: string) => pair.door.recorded.filter(({ answer }) => answer.answeredBy === name).length;
    expect(by('champion') + by('challenger')).toBe(400);
    expect(by('shadow')).toBe(by('champion'));
  });
});

describe('a challenger that is none', () => {
  it.each<[string, ChallengeParts['wanted'], string]>([
    ['there is none', () => Promise.resolve(null), 'there is no challenger at present'],
    ['it is the champion', () => Promise.resolve(1), 'set 1 is the champion'],
    [
      'the registry fails',
      () => Promise.reject(new HoldfastError('HF507', { message: 'there is no model set 9' })),
      'there is no model set 9 [HF507]',
    ],
    ['it does not load', () => Promise.resolve(9), ''],
  ])('leaves all to the champion where %s, and says so', async (_, wanted, reason) => {
    await using pair = await openPair({ isShadow: true, splitPercent: 100 }, wanted);
    const { headers } = await post(pair.door, '/predict', LLD_REQUEST);
    expect(headers['x-model-set']).toBe('1');
    await turn();
    expect(pair.door.recorded).toHaveLength(1);
    const info = JSON.parse(await get(pair.door, '/model/info')) as { model_set: number; challenger: object };
    expect(info).toMatchObject({
      model_set: 1,
      challenger: { named: 'challenger', model_set: null, reason },
    });
    const reload = await post(pair.door, '/admin/reload', {});
    expect(reload.body).toMatchObject({
      outcome: 'unchanged',
      challenger: { outcome: 'refused', model_set: null },
    });
  });

  it('is shown beside the champion where it is one', async () => {
    await using pair = await openPair({ splitPercent: 10 });
    expect(JSON.parse(await get(pair.door, '/model/info'))).toMatchObject({
      model_set: 1,
      challenger: { named: 'challenger', shadow: false, split_percent: 10, model_set: 7, hash: 'hash-7' },
    });
    await using alone = await openDoor(await formulaService({ pack: 'packs/broadband', horizons: HORIZONS }));
    expect(JSON.parse(await get(alone, '/model/info'))).not.toHaveProperty('challenger');
    expect((await post(alone, '/predict', LLD_REQUEST)).body).not.toHaveProperty('model_set');
  });
});
