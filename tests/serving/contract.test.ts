/** Requests and answers as the documents of the design write them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/kernel/index.ts';
import { MAGAZINE_PACK } from '../main-job/magazine.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService, servedSet } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

const NOW = '2024-09-15T14:23:01.456Z';
let service: FormulaService;
let door: Door;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  door = await openDoor(service, { maxBatchSize: 5 }, fixedClock(NOW));
});
afterAll(() => door[Symbol.asyncDispose]());

async function post(path: string, body: unknown, from: Door = door) {
  const { statusCode, headers, payload } = await from.app.inject({
    method: 'POST',
    url: path,
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json', host: 'localhost' },
  });
  return { status: statusCode, headers, body: JSON.parse(payload) as Record<string, unknown> };
}

describe('POST /predict', () => {
  it('takes the request of the design and answers with its fields, and with risk_score and reasons', async () => {
    const { status, body, headers } = await post('/predict', LLD_REQUEST);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(
      [
        ...['customer_id', 'predictions', 'risk_tier', 'action', 'owner', 'sla', 'scored_at', 'request_id'],
        ...['reasons', 'unseen_categories'],
      ].sort(),
    );
    expect(body).toMatchObject({
      customer_id: 'CUST_00001',
      risk_tier: 'GREEN',
      action: 'Call',
      owner: 'Somebody',
      sla: '24 hours',
      reasons: ['Called twice'],
      scored_at: '2024-09-15T14:23:01Z',
      unseen_categories: ['technology', 'sales_channel', 'tenure_bucket'],
    });
    expect(Object.keys(body['predictions'] as object)).toEqual(['30d', '60d', '90d']);
    for (const prediction of Object.values(body['predictions'] as object)) {
      expect(Object.keys(prediction as object)).toEqual(['probability', 'risk_decile', 'risk_score']);
    }
    expect(body['request_id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers).toMatchObject({
      'x-request-id': body['request_id'],
      'x-model-set': '1',
      'cache-control': 'no-store',
    });
  });

  it('looks features up for a key alone, says of which day they are, and knows nobody else', async () => {
    const found = await post('/predict', { customer_id: 'CUST_00001' });
    expect(found.body).toMatchObject({ customer_id: 'CUST_00001', features_as_of: '2024-09-01' });
    const unknown = await post('/predict', { customer_id: 'CUST_404' });
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({ error: { code: 'HF603', field: 'customer_id' } });
  });

  it('adds all contributions where it is asked to explain', async () => {
    expect((await post('/predict', LLD_REQUEST)).body['contributions']).toBeUndefined();
    expect((await post('/predict?explain=true', LLD_REQUEST)).body['contributions']).toEqual([
      { horizon: '30d', base: -1, features: { calls: 0.5 } },
    ]);
  });

  it.each(['?explain=1', '?explain', '?explain=true&explain=true', '?explian=true', '?partial=true'])(
    'refuses the switch %s by its name',
    async (query) => {
      const { status, body } = await post(`/predict${query}`, LLD_REQUEST);
      expect(status).toBe(422);
      expect(body).toMatchObject({ error: { code: 'HF611', field: /\w+/.exec(query)?.[0] } });
    },
  );

  it('answers for one horizon in the form of the other document', async () => {
    const single = await formulaService({ pack: MAGAZINE_PACK, horizons: [90], idField: 'reader_id' });
    await using other = await openDoor(single, {}, fixedClock(NOW));
    const request = { reader_id: 'R0001', title: 'one', months_subscribed: 3, copies_returned: 0 };
    const { status, body } = await post(
      '/predict',
      { ...request, complaints: 1, monthly_price: 4.5, gift_from: null },
      other,
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      reader_id: 'R0001',
      will_churn: false,
      risk_level: 'GREEN',
      recommendation: 'Call',
      timestamp: '2024-09-15T14:23:01Z',
      reasons: ['Called twice'],
    });
    expect(typeof body['churn_probability']).toBe('number');
    expect(typeof body['latency_ms']).toBe('number');
    expect(body).not.toHaveProperty('predictions');
  });

  it('hands what it answered to the recorder', async () => {
    const before = door.recorded.length;
    const { body } = await post('/predict', LLD_REQUEST);
    await post('/predict', { customer_id: 'CUST_404' });
    expect(door.recorded.slice(before)).toMatchObject([
      {
        requestId: body['request_id'],
        entityId: 'CUST_00001',
        answeredAt: NOW,
        features: { speed: 80, days_since_last_cease: null },
        answer: { tier: 'GREEN', modelSet: 1 },
      },
    ]);
  });
});

describe('POST /predict/batch', () => {
  const good = LLD_REQUEST;
  const bad = { ...LLD_REQUEST, tenure_days: 'long' };

  it('answers a list with a list in its order', async () => {
    const { status, body } = await post('/predict/batch', [{ ...good, customer_id: 'B' }, good]);
    expect(status).toBe(200);
    expect(body).toMatchObject([{ customer_id: 'B' }, { customer_id: 'CUST_00001', risk_tier: 'GREEN' }]);
    expect((await post('/predict/batch', [])).body).toEqual([]);
  });

  it('wraps the list with counts where a summary is asked for', async () => {
    const { body } = await post('/predict/batch?summary=true', [good, { ...good, customer_id: 'RED1' }]);
    expect(body).toMatchObject({ total_processed: 2, high_risk_count: 1 });
    expect(Object.keys(body)).toEqual([
      'predictions',
      'total_processed',
      'high_risk_count',
      'processing_time_ms',
      'request_id',
    ]);
    expect(typeof body['processing_time_ms']).toBe('number');
  });

  it('refuses all for one bad row, which it names with its field', async () => {
    const { status, body } = await post('/predict/batch', [good, good, bad]);
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: 'HF611', field: '[2].tenure_days' } });
    const unknown = await post('/predict/batch', [good, { customer_id: 'CUST_404' }]);
    expect(unknown.status).toBe(404);
    expect(unknown.body).toMatchObject({ error: { field: '[1].customer_id' } });
  });

  it('scores the good rows where a part is enough, and says by index what is wrong with the others', async () => {
    const rows = [good, bad, { customer_id: 'CUST_404' }, 7, good];
    const { status, body } = await post('/predict/batch?partial=true', rows);
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { customer_id: 'CUST_00001' },
      { index: 1, error: { code: 'HF611', field: '[1].tenure_days' } },
      { index: 2, error: { code: 'HF603', field: '[2].customer_id' } },
      { index: 3, error: { code: 'HF611', field: '[3]' } },
      { customer_id: 'CUST_00001' },
    ]);
    const wrapped = await post('/predict/batch?partial=true&summary=true', rows);
    expect(wrapped.body).toMatchObject({
      total_processed: 2,
      predictions: [{ customer_id: 'CUST_00001' }, { customer_id: 'CUST_00001' }],
      errors: [{ index: 1 }, { index: 2 }, { index: 3 }],
    });
  });

  it('takes as many rows as it was set to, and a list only', async () => {
    expect((await post('/predict/batch', Array(5).fill(good))).status).toBe(200);
    const { status, body } = await post('/predict/batch', Array(6).fill(good));
    expect(status).toBe(413);
    expect(body).toMatchObject({ error: { code: 'HF616', message: 'the batch has 6 rows, more than 5' } });
    expect((await post('/predict/batch', { customers: [good] })).status).toBe(422);
  });

  it('is answered by one model set, although another one is loaded while it is scored', async () => {
    service.costMs = 6;
    const answer = post('/predict/batch', Array(5).fill(good));
    await new Promise((resolve) => setTimeout(resolve, 15));
    service.set = servedSet([30, 60, 90], 2);
    const { headers } = await answer;
    service.costMs = 0;
    const sets = new Set(door.recorded.slice(-5).map(({ answer: { modelSet } }) => modelSet));
    expect([...sets].map(String)).toEqual([headers['x-model-set']]);
    service.set = servedSet([30, 60, 90]);
  });
});

describe('the state of the server', () => {
  const get = async (url: string) => {
    const { statusCode, payload } = await door.app.inject({ url, headers: { host: 'localhost' } });
    return { status: statusCode, body: JSON.parse(payload) as Record<string, unknown> };
  };

  it('is healthy and ready with as many models as there are horizons', async () => {
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'healthy', model_loaded: true },
    });
    expect(await get('/ready')).toEqual({ status: 200, body: { status: 'ready', models_loaded: 3 } });
    expect((await get('/model/info')).body).toMatchObject({
      model_set: 1,
      models: [{ name: 'churn_model_30d', version: 1, horizon: '30d' }, {}, {}],
      thresholds: { basis: 'risk_score' },
    });
    expect((await get('/')).body).toMatchObject({ name: 'holdfast', links: { documentation: '/docs' } });
  });

  it('is healthy and not ready without models, says why, and scores nothing', async () => {
    const { set } = service;
    service.set = null;
    service.notReadyReason = 'churn_model_60d version 4 is damaged';
    expect((await get('/health')).status).toBe(200);
    const ready = await get('/ready');
    expect(ready.status).toBe(503);
    expect(ready.body).toMatchObject({ error: { code: 'HF602', message: service.notReadyReason } });
    expect((await post('/predict', LLD_REQUEST)).status).toBe(503);
    expect((await post('/predict/batch', [LLD_REQUEST])).headers['retry-after']).toBe('1');
    expect((await get('/model/info')).status).toBe(503);
    service.set = set;
    service.notReadyReason = null;
  });

  it('follows a contract that is loaded later', async () => {
    const { features } = service;
    service.features = features.filter(({ name }) => name !== 'speed');
    expect((await post('/predict', LLD_REQUEST)).body).toMatchObject({ error: { field: 'speed' } });
    service.features = features;
    expect((await post('/predict', LLD_REQUEST)).status).toBe(200);
  });
});
