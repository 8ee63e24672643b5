/** The routes of the pages: rights, strict reading, and ids as addresses write them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HoldfastError } from '../../src/kernel/index.ts';
import { lookFolder, ROLES } from '../../src/store/index.ts';
import type { Actor, Desk } from '../../src/workflow/index.ts';
import { type Door, openDoor } from '../serving/door.ts';
import { formulaService, type FormulaService } from '../serving/formula-service.ts';
import { LLD_REQUEST } from '../serving/lld.ts';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'GET /v1/customers/CUST_00001': ['agent', 'lead', 'admin'],
  'GET /v1/performance': ['viewer', 'data-scientist', 'admin'],
  'GET /v1/data': ['data-scientist', 'admin'],
  'POST /v1/what-if': ['agent', 'lead', 'data-scientist', 'admin'],
  'GET /v1/what-if/start': ['agent', 'lead', 'data-scientist', 'admin'],
  'GET /v1/what-if/start?id=CUST_00001': ['agent', 'lead', 'admin'],
};

const { customer_id: _key, ...FEATURES } = LLD_REQUEST;

/** What the desk was asked. */
const asked: {
  readonly what: string;
  readonly id?: string;
  readonly actor?: Actor;
  readonly features?: object;
  readonly query?: object;
}[] = [];

const desk = {
  customer(id: string, actor: Actor) {
    asked.push({ what: 'customer', id, actor });
    if (id === 'nobody') throw new HoldfastError('HF603', { message: 'not there', hint: 'look again' });
    return Promise.resolve({ customer: { id } });
  },
  customers(query: { readonly tier?: readonly string[] }) {
    return Promise.resolve({ total: query.tier?.includes('FEW') === true ? 19 : 20, rows: [] });
  },
  performance() {
    if (isBroken) throw new HoldfastError('HF401', { message: 'SELECT secret FROM scores' });
    return Promise.resolve({ trend: [] });
  },
  data: () => Promise.resolve({ sources: [] }),
  whatIf(features: object) {
    asked.push({ what: 'what-if', features });
    if ('technology' in features && features.technology === 'refused')
      throw new HoldfastError('HF504', {
        message: 'does not fit',
        hint: 'send another',
        place: { field: 'technology' },
      });
    return { tier: 'RED' };
  },
  whatIfStart(from: { readonly id?: string }, actor: Actor) {
    asked.push({ what: 'start', query: from, actor });
    return Promise.resolve({ id: from.id ?? null });
  },
} as unknown as Desk;

/** Whether the desk fails at its SQL. */
let isBroken = false;
let service: FormulaService;
let door: Door;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  door = await openDoor(service, {}, undefined, {}, { desk });
  await door.key('viewer');
});
afterAll(() => door[Symbol.asyncDispose]());

async function ask(route: string, key: string | undefined, body?: unknown) {
  const [method = '', url = ''] = route.split(' ');
  const sent = method === 'POST' ? (body ?? { features: FEATURES }) : undefined;
  const { statusCode, payload, headers } = await door.app.inject({
    method: method as 'GET' | 'POST',
    url,
    headers: {
      ...(key === undefined ? {} : { 'x-api-key': key }),
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(sent === undefined ? {} : { payload: JSON.stringify(sent) }),
  });
  return { status: statusCode, body: JSON.parse(payload) as Record<string, unknown>, headers };
}

const errorOf = (body: Record<string, unknown>): unknown => body['error'];

describe('a role', () => {
  test.each(ROLES)('%s sees the pages that the table gives it, and no other', async (role) => {
    const key = await door.key(role);
    for (const [route, roles] of Object.entries(ALLOWED)) {
      const { status, body, headers } = await ask(route, key);
      expect(status, `${role} ${route}`).toBe(roles.includes(role) ? 200 : 403);
      if (roles.includes(role)) expect(headers['cache-control']).toBe('no-store');
      else expect(errorOf(body)).toMatchObject({ code: 'HF613' });
    }
  });

  test('is needed: without a key nothing is shown', async () => {
    for (const route of Object.keys(ALLOWED)) expect((await ask(route, undefined)).status, route).toBe(401);
  });
});

describe('an id', () => {
  test.each([
    'a/b',
    "O'Neil",
    'say "x"',
    '50%2F',
    'Zoë 😀',
    '..',
    '; DROP TABLE x; --',
    '#?&=',
    ' ',
    '😀'.repeat(256),
  ])('comes as it is: %s', async (id) => {
    const key = await door.key('agent');
    const { status, body } = await ask(`GET /v1/customers/${encodeURIComponent(id)}`, key);
    // A path that goes up is another path before it gets here.
    if (id === '..') return;
    expect([status, body]).toEqual([200, { customer: { id } }]);
    const start = await ask(`GET /v1/what-if/start?id=${encodeURIComponent(id)}`, key);
    expect(start.body).toEqual({ id });
  });

  test('that is too long, or nobody, is refused in the shape of all errors', async () => {
    const key = await door.key('agent');
    const long = await ask(`GET /v1/customers/${'x'.repeat(257)}`, key);
    expect([long.status, errorOf(long.body)]).toEqual([
      422,
      expect.objectContaining({ code: 'HF611', field: 'id' }),
    ]);
    const nobody = await ask('GET /v1/customers/nobody', key);
    expect([nobody.status, errorOf(nobody.body)]).toEqual([404, expect.objectContaining({ code: 'HF603' })]);
    const twice = await ask('GET /v1/what-if/start?id=a&id=b', key);
    expect([twice.status, errorOf(twice.body)]).toEqual([422, expect.objectContaining({ field: 'id' })]);
  });

  test('that was shown is written down with who looked, before the answer leaves', async () => {
    const key = await door.key('agent');
    const looks = async (): Promise<Record<string, unknown>[]> => {
      const folder = lookFolder(door.folder);
      const files = await readdir(folder);
      const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
      return texts
        .join('')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    await ask('GET /v1/customers/a%2Fb', key);
    await ask('GET /v1/what-if/start?id=a%2Fb', key);
    const own = (await looks()).filter((look) => look['by_id'] === key.split('_')[1]);
    expect(own.map((look) => [look['what'], look['entity_id'], look['by_role']])).toEqual([
      ['customer', 'a/b', 'agent'],
      ['what_if', 'a/b', 'agent'],
    ]);
    await ask('GET /v1/customers?search=A&offset=50', key);
    expect((await looks()).at(-1)).toMatchObject({
      what: 'list',
      entity_id: null,
      rows: 0,
      filter: { search: 'A', offset: 50 },
    });
    const before = (await looks()).length;
    await ask('GET /v1/what-if/start', key);
    await ask('GET /v1/customers/nobody', key);
    expect((await looks()).length).toBe(before);
  });

  test('is not found out by filters that name people, whoever asks', async () => {
    for (const role of ['data-scientist', 'agent'] as const) {
      const key = await door.key(role);
      for (const filter of ['search=A', 'assignee=me', 'outcome=left']) {
        const { status, body } = await ask(`GET /v1/what-if/start?${filter}`, key);
        expect([status, errorOf(body)], filter).toEqual([422, expect.objectContaining({ code: 'HF611' })]);
      }
    }
    await ask('GET /v1/what-if/start?tier=RED&probability_from=0.5', await door.key('agent'));
    expect(asked.at(-1)).toMatchObject({ what: 'start', query: { tier: ['RED'], probability_from: 0.5 } });
  });

  test('is not found out by narrow filters of those who may not see it', async () => {
    const key = await door.key('data-scientist');
    for (const filter of ['probability_from=0.5', 'owner=Care', 'overdue=true', 'tab=done', 'sort=id'])
      expect((await ask(`GET /v1/what-if/start?${filter}`, key)).status, filter).toBe(403);
    expect((await ask('GET /v1/what-if/start?tier=RED&segment.technology=FTTP', key)).status).toBe(200);
    expect(asked.at(-1)).toMatchObject({ query: { tab: 'all', tier: ['RED'] } });
    const few = await ask('GET /v1/what-if/start?tier=FEW', key);
    expect([few.status, errorOf(few.body)]).toEqual([404, expect.objectContaining({ code: 'HF603' })]);
    expect((await ask('GET /v1/what-if/start?tier=FEW', await door.key('agent'))).status).toBe(200);
  });

  test('reaches the desk with who asks', async () => {
    const key = await door.key('lead');
    await ask('GET /v1/customers/CUST_00001', key);
    expect(asked.at(-1)).toMatchObject({ what: 'customer', id: 'CUST_00001', actor: { isLead: true } });
    expect(asked.at(-1)?.actor?.id).toBe(key.split('_')[1]);
  });
});

test('a failure of the desk is one of the server: it is logged, and its SQL is told to nobody', async () => {
  isBroken = true;
  const { status, body } = await ask('GET /v1/performance', await door.key('admin'));
  isBroken = false;
  expect([status, errorOf(body)]).toEqual([500, expect.objectContaining({ code: 'HF900' })]);
  expect(JSON.stringify(body)).not.toContain('secret');
  const failure = door.logged.find(({ facts }) => 'err' in facts)?.facts;
  expect(failure).toMatchObject({ err: { code: 'HF401' } });
});

describe('a what-if', () => {
  test('reaches the desk with all its features, and is recorded nowhere', async () => {
    const key = await door.key('data-scientist');
    const { status } = await ask('POST /v1/what-if', key);
    expect(status).toBe(200);
    expect(asked.at(-1)).toEqual({ what: 'what-if', features: FEATURES });
    expect(door.recorded).toEqual([]);
  });

  test.each([
    ['no object', [], undefined],
    ['nothing in it', {}, 'features'],
    ['features that are none', { features: 7 }, 'features'],
    ['no features', { features: {} }, 'features'],
    ['a second field', { features: FEATURES, note: 'x' }, 'note'],
    ['a key', { features: { ...FEATURES, customer_id: 'A' } }, 'features.customer_id'],
    ['an unknown feature', { features: { ...FEATURES, shoe_size: 43 } }, 'features.shoe_size'],
    ['a number as text', { features: { ...FEATURES, tenure_days: '12' } }, 'features.tenure_days'],
    ['a number out of range', { features: { ...FEATURES, tenure_days: -5 } }, 'features.tenure_days'],
    ['what the models refuse', { features: { ...FEATURES, technology: 'refused' } }, 'features.technology'],
  ])('with %s is refused by the name of the field', async (_what, body, field) => {
    const key = await door.key('agent');
    const { status, body: answer } = await ask('POST /v1/what-if', key, body);
    expect(status).toBe(422);
    expect(errorOf(answer)).toMatchObject({ code: 'HF611', ...(field === undefined ? {} : { field }) });
  });

  test('refuses a parameter that it does not know', async () => {
    const key = await door.key('admin');
    for (const route of [
      'POST /v1/what-if?dry=true',
      'GET /v1/what-if/start?shoe=43',
      'GET /v1/performance?x=1',
      'GET /v1/data?x=1',
      'GET /v1/customers/A?x=1',
    ]) {
      const { status, body } = await ask(route, key);
      expect([status, errorOf(body)], route).toEqual([422, expect.objectContaining({ code: 'HF611' })]);
    }
  });
});

describe('the document of the interface', () => {
  test('describes the pages, and the features of a what-if as they are now', () => {
    const { paths } = door.app.swagger() as unknown as { paths: Record<string, Record<string, unknown>> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/customers/{id}',
        '/v1/performance',
        '/v1/data',
        '/v1/what-if',
        '/v1/what-if/start',
      ]),
    );
  });

  test('holds the features of a what-if, and every schema that it refers to', async () => {
    const { payload } = await door.app.inject({ method: 'GET', url: '/openapi.json' });
    const { components } = JSON.parse(payload) as { components: { schemas: Record<string, object> } };
    expect(JSON.stringify(components.schemas['WhatIfRequest'])).toContain('tenure_days');
    const refs = [...payload.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
    for (const name of refs) expect(Object.keys(components.schemas)).toContain(name);
    expect(refs).toEqual(
      expect.arrayContaining(['Customer', 'Performance', 'DataHealth', 'WhatIf', 'WhatIfStart']),
    );
  });

  test('has none of it where there is no dashboard', async () => {
    await using bare = await openDoor(service);
    const { statusCode, payload } = await bare.app.inject({ method: 'GET', url: '/v1/performance' });
    expect([statusCode, JSON.parse(payload)]).toEqual([
      404,
      { error: expect.objectContaining({ code: 'HF614' }) as unknown },
    ]);
    expect(Object.keys(bare.app.swagger().paths ?? {}).filter((path) => path.startsWith('/v1'))).toEqual([]);
    for (const url of ['/app', '/app/', '/app/queue'])
      expect((await bare.app.inject({ method: 'GET', url })).statusCode, url).toBe(404);
    const welcome = await bare.app.inject({ method: 'GET', url: '/' });
    expect(welcome.payload).not.toContain('/app');
    const openapi = await bare.app.inject({ method: 'GET', url: '/openapi.json' });
    const { components } = JSON.parse(openapi.payload) as { components: { schemas: object } };
    expect(Object.keys(components.schemas)).toContain('PredictRequest');
    expect(Object.keys(components.schemas)).not.toContain('Customer');
    expect(Object.keys(components.schemas)).not.toContain('WhatIfRequest');
  });
});
