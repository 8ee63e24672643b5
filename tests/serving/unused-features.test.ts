/** Features that a training left out stay in the contract of requests: given or not, and checked where they are. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

/** As a training over columns that are mostly missing would leave them out: numbers and texts. */
const DROPPED = ['days_since_last_cease', 'std_daily_total_mb', 'sales_channel'];

let service: FormulaService;
let door: Door;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  service.features = service.features.map((feature) =>
    DROPPED.includes(feature.name) ? { ...feature, isUnused: true } : feature,
  );
  door = await openDoor(service);
});
afterAll(() => door[Symbol.asyncDispose]());

async function send(body: unknown, url = '/predict') {
  const { statusCode, payload } = await door.app.inject({
    method: 'POST',
    url,
    payload: JSON.stringify(body),
    headers: { 'content-type': 'application/json', host: 'localhost' },
  });
  return { status: statusCode, body: JSON.parse(payload) as { error?: { field?: string; message: string } } };
}

const without = (...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(LLD_REQUEST).filter(([name]) => !names.includes(name)));

describe('a feature that the models do not use', () => {
  it('may be sent as the design has it, and is recorded as it was sent', async () => {
    expect((await send(LLD_REQUEST)).status).toBe(200);
    const { customer_id: _key, ...features } = LLD_REQUEST;
    expect(door.recorded.at(-1)?.features).toEqual(features);
    expect((await send([LLD_REQUEST, LLD_REQUEST], '/predict/batch')).status).toBe(200);
  });

  it('may be left out, alone and with the others', async () => {
    for (const name of DROPPED) expect((await send(without(name))).status, name).toBe(200);
    expect((await send(without(...DROPPED))).status).toBe(200);
    expect(door.recorded.at(-1)?.features).not.toHaveProperty('sales_channel');
  });

  it('is checked where it is sent', async () => {
    for (const [name, value] of [
      ['days_since_last_cease', 'long ago'],
      ['std_daily_total_mb', true],
      ['sales_channel', 7],
      ['sales_channel', 'x'.repeat(257)],
    ] as const) {
      const { status, body } = await send({ ...LLD_REQUEST, [name]: value });
      expect([status, body.error?.field]).toEqual([422, name]);
    }
  });

  it('makes no room for fields that are unknown, nor for others that are missing', async () => {
    const unknown = await send({ ...without('sales_channel'), sales_chanel: 'Online' });
    expect([unknown.status, unknown.body.error?.field]).toEqual([422, 'sales_chanel']);
    const missing = await send(without('speed'));
    expect([missing.status, missing.body.error?.field]).toEqual([422, 'speed']);
  });

  it('is in the schema, not among what is required, and marked', async () => {
    const answer = await door.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } });
    const document = answer.json<{
      components: {
        schemas: {
          PredictRequest: {
            anyOf: { required: string[]; properties: Record<string, { description: string }> }[];
          };
        };
      };
    }>();
    const [full] = document.components.schemas.PredictRequest.anyOf;
    for (const name of DROPPED) {
      expect(full?.required).not.toContain(name);
      expect(full?.properties[name]?.description).toContain('not used by the models that answer');
    }
    expect(full?.required).toContain('speed');
  });
});
