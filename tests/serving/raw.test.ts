/** Rows as they would be delivered, over HTTP: strict, by the columns of the source, and only where that can be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/kernel/index.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { RAW_ROW, rawReader } from './raw-reader.ts';

async function post(door: Door, payload: string, query = '') {
  const answer = await door.app.inject({
    method: 'POST',
    url: `/predict/raw${query}`,
    payload,
    headers: { 'content-type': 'application/json', host: 'localhost' },
  });
  const body = JSON.parse(answer.payload) as Record<string, unknown> & {
    error?: { code: string; field?: string };
  };
  return { status: answer.statusCode, headers: answer.headers, body };
}

describe('POST /predict/raw', () => {
  let service: FormulaService;
  let door: Door;
  beforeAll(async () => {
    service = await formulaService({ pack: 'packs/broadband', horizons: [30] });
    service.raw = rawReader();
    door = await openDoor(service);
  });
  afterAll(() => door[Symbol.asyncDispose]());

  it('answers as /predict does, and records the features that were made of the row', async () => {
    const { status, body, headers } = await post(door, JSON.stringify(RAW_ROW), '?explain=true');
    expect(status).toBe(200);
    expect(headers['x-model-set']).toBe('1');
    expect(body).toMatchObject({ customer_id: 'C1', risk_level: 'GREEN', reasons: ['Called twice'] });
    expect(body).toHaveProperty('contributions');
    expect(body).not.toHaveProperty('unread_fields');
    expect(door.recorded.at(-1)).toMatchObject({
      entityId: 'C1',
      features: { tenure_months: 12, contract: 'One year' },
    });
  });

  it('reads texts as a file has them, and says which could not be read', async () => {
    const text = await post(door, JSON.stringify({ ...RAW_ROW, tenure: '12', MonthlyCharges: '29.85' }));
    expect(text.status).toBe(200);
    expect(text.body).not.toHaveProperty('unread_fields');
    const unread = await post(door, JSON.stringify({ ...RAW_ROW, tenure: 'a year' }));
    expect(unread.body).toMatchObject({ unread_fields: ['tenure'] });
  });

  it('takes columns that no feature is made of, or goes without', async () => {
    for (const more of [{ Churn: 'No' }, { Churn: null, Paperless: true }, { Paperless: 'yes' }])
      expect((await post(door, JSON.stringify({ ...RAW_ROW, ...more }))).status).toBe(200);
  });

  const wrong: Record<string, (string | undefined)[]> = {
    customerID: [undefined, 'null', '7', '""', '[]', JSON.stringify('x'.repeat(257))],
    tenure: [undefined, 'true', '[]', '{}', '1e999', 'NaN', '9007199254740993'],
    MonthlyCharges: [undefined, 'false', '[1]', '-1e999'],
    Contract: [undefined, 'true', '{}', JSON.stringify('x'.repeat(1001)), '"\\ud800"'],
    Since: [undefined, '20240101', 'true'],
    Churn: ['true', '[]'],
    Paperless: ['1', '{}'],
    customer_id: ['"C1"'],
    Tenure: ['12'],
    ['__proto__']: ['1'],
    constructor: ['1'],
  };
  it.each(Object.keys(wrong))('refuses each wrong %s by its name', async (name) => {
    for (const value of wrong[name] ?? []) {
      const fields = Object.entries(RAW_ROW)
        .filter(([key]) => key !== name)
        .map(([key, own]) => `${JSON.stringify(key)}:${JSON.stringify(own)}`);
      if (value !== undefined) fields.push(`${JSON.stringify(name)}:${value}`);
      const { status, body } = await post(door, `{${fields.join(',')}}`);
      expect([400, 422], `${name} ${String(value)}`).toContain(status);
      expect(body.error?.field, `${name} ${String(value)}`).toBe(name);
    }
  });

  it.each(['null', '[]', '7', '{}'])('refuses a body of %s', async (payload) => {
    expect((await post(door, payload)).status).toBe(422);
  });

  it('refuses a row that a rule of the pack leaves out', async () => {
    const { status, body } = await post(door, JSON.stringify({ ...RAW_ROW, Contract: 'dropped' }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: { code: 'HF611', hint: 'see which' } });
  });

  it('is 404 with the way to go where the pack needs a history, and then in no document', async () => {
    await using dated = await openDoor(await formulaService({ pack: 'packs/broadband', horizons: [30] }));
    const { status, body } = await post(dated, JSON.stringify(RAW_ROW));
    expect(status).toBe(404);
    expect(body).toMatchObject({
      error: { code: 'HF614', hint: expect.stringContaining('POST /predict') as string },
    });
    const pathsOf = async (from: Door) =>
      (await from.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json<{
        paths: object;
        components: { schemas: { RawRow: { required?: string[] } } };
      }>();
    expect((await pathsOf(dated)).paths).not.toHaveProperty('/predict/raw');
    const document = await pathsOf(door);
    expect(document.paths).toHaveProperty('/predict/raw');
    expect(document.components.schemas.RawRow.required).toEqual([
      ...['customerID', 'tenure', 'MonthlyCharges', 'Contract', 'Since'],
    ]);
  });

  it('is 404 where the SQL of the pack takes more than a row', async () => {
    const raw = rawReader();
    service.raw = {
      ...raw,
      contract: () => Promise.reject(new HoldfastError('HF402', { message: 'silver.x has a join' })),
    };
    const { status, body } = await post(door, JSON.stringify(RAW_ROW));
    service.raw = raw;
    expect([status, body.error?.code]).toEqual([404, 'HF614']);
  });

  it('turns rows away where their turn would come too late', async () => {
    const slow = { ...rawReader() };
    let last: Promise<unknown> = Promise.resolve();
    slow.features = (fields) => {
      const mine = last.then(async () => {
        await new Promise((resolve) => setTimeout(resolve, 40));
        return rawReader().features(fields);
      });
      last = mine;
      return mine;
    };
    const patient = await formulaService({ pack: 'packs/broadband', horizons: [30] });
    patient.raw = slow;
    await using busy = await openDoor(patient, { maxDelayMs: 20 });
    for (let count = 0; count < 3; count += 1) await post(busy, JSON.stringify(RAW_ROW));
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(busy, JSON.stringify(RAW_ROW))));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(answers.find(({ status }) => status === 503)?.headers['retry-after']).toBe('1');
  });
});
