/** Every field of the contract with every value that it does not take: nothing is read as something else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RequestFeature } from '../../src/workflow/index.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

let service: FormulaService;
let door: Door;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  door = await openDoor(service);
});
afterAll(() => door[Symbol.asyncDispose]());

async function send(payload: string) {
  const { statusCode, payload: answer } = await door.app.inject({
    method: 'POST',
    url: '/predict',
    payload,
    headers: { 'content-type': 'application/json', host: 'localhost' },
  });
  return { status: statusCode, body: JSON.parse(answer) as { error?: { code: string; field?: string } } };
}

/** The request with the value of a field as JSON text; undefined leaves the field out. */
function requestWith(name: string, json: string | undefined): string {
  const fields = Object.entries(LLD_REQUEST).flatMap(([key, value]) => {
    const text = key === name ? json : JSON.stringify(value);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

const HUGE = ['1e999', '-1e999', '9007199254740993', 'NaN', 'Infinity', '1e400'];
const NO_VALUES = ['true', '[]', '{}', '[1]'];

function wrongValues({ type, range, isInteger, isNullable }: RequestFeature): (string | undefined)[] {
  const [low = null, high = null] = range ?? [];
  const always = [undefined, ...NO_VALUES, ...HUGE, ...(isNullable ? [] : ['null'])];
  if (type === 'categorical') return [...always, '1', '"\\ud800"', JSON.stringify('x'.repeat(257))];
  return [
    ...always,
    '"1"',
    '""',
    ...(low === null ? [] : [String(low - 1)]),
    ...(high === null ? [] : [String(high + 1)]),
    ...(isInteger ? ['1.5'] : []),
  ];
}

describe('every feature of the contract', () => {
  it('is refused by its name for each wrong value', async () => {
    let tried = 0;
    for (const feature of service.features) {
      for (const value of wrongValues(feature)) {
        const { status, body } = await send(requestWith(feature.name, value));
        expect([400, 422], `${feature.name} ${String(value)}`).toContain(status);
        expect(body.error?.field, `${feature.name} ${String(value)}`).toBe(feature.name);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(32 * 11);
  });

  it('is taken at both ends of its range, and as null where it may be', async () => {
    for (const { name, range, isNullable } of service.features) {
      const values = [...(range ?? []), ...(isNullable ? [null] : [])];
      for (const value of values.filter((end, index) => end !== null || index >= (range?.length ?? 0))) {
        expect(
          (await send(requestWith(name, JSON.stringify(value)))).status,
          `${name} ${String(value)}`,
        ).toBe(200);
      }
    }
  });
});

describe('the key of the entity', () => {
  it.each([undefined, 'null', '1', 'true', '""', '[]', '"\\udfff"', JSON.stringify('x'.repeat(300))])(
    'is refused as %s',
    async (value) => {
      const { status, body } = await send(requestWith('customer_id', value));
      expect([400, 422]).toContain(status);
      expect(body.error?.field).toBe('customer_id');
    },
  );
});

describe('a request', () => {
  it.each(['__proto__', 'constructor', 'toString', 'churn', 'Speed', 'speed '])(
    'with the unknown key %s is refused by its name',
    async (key) => {
      const { status, body } = await send(requestWith('speed', `80,${JSON.stringify(key)}:1`));
      expect([400, 422]).toContain(status);
      expect(body.error?.field).toBe(key);
    },
  );

  it('with a key twice is refused by its name, the same value or not', async () => {
    for (const again of ['80', '81']) {
      const { status, body } = await send(requestWith('speed', `80,"speed":${again}`));
      expect(status).toBe(400);
      expect(body.error?.field).toBe('speed');
    }
  });

  it.each(['null', '[]', '7', '"a"', '{}', ''])('of %j is refused', async (payload) => {
    expect([400, 422]).toContain((await send(payload)).status);
  });

  it('with a part of the features is refused: features are looked up or given', async () => {
    const { status, body } = await send('{"customer_id":"CUST_00001","speed":80}');
    expect(status).toBe(422);
    expect(body.error?.field).toBe('contract_status_ord');
  });
});
