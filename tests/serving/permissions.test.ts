/** Every route with every role, with wrong keys and without one. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/kernel/index.ts';
import { openKeyRing } from '../../src/server/index.ts';
import { openKeyStore, ROLES } from '../../src/store/index.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';
import { RAW_ROW, rawReader } from './raw-reader.ts';

/** What each route asks for, written down a second time: who changes a right has to say so here. */
const ALLOWED: Readonly<Record<string, readonly string[] | 'everybody'>> = {
  'GET /': 'everybody',
  'GET /health': 'everybody',
  'GET /ready': 'everybody',
  'GET /docs': 'everybody',
  'GET /openapi.json': 'everybody',
  'GET /metrics': ['data-scientist', 'admin', 'service'],
  'GET /model/info': ['viewer', 'agent', 'lead', 'data-scientist', 'admin', 'service'],
  'POST /predict': ['agent', 'lead', 'data-scientist', 'admin', 'service'],
  'POST /predict/batch': ['agent', 'lead', 'data-scientist', 'admin', 'service'],
  'POST /predict/raw': ['agent', 'lead', 'data-scientist', 'admin', 'service'],
  'POST /outcomes': ['agent', 'lead', 'admin', 'service'],
  'POST /admin/reload': ['admin'],
};
/** What each route takes; the others take nothing. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /predict': LLD_REQUEST,
  'POST /predict/batch': [LLD_REQUEST],
  'POST /predict/raw': RAW_ROW,
  'POST /outcomes': { customer_id: 'CUST_00001', outcome: 'left', observed_on: '2024-09-14' },
};
const ROUTES = Object.keys(ALLOWED);

async function broadband(): Promise<FormulaService> {
  const service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  service.raw = rawReader();
  return service;
}

let now = new Date('2024-09-15T12:00:00Z');
const clock: Clock = { now: () => now };
let door: Door;

beforeAll(async () => {
  door = await openDoor(await broadband(), {}, clock);
  await door.key('viewer');
});
afterAll(() => door[Symbol.asyncDispose]());

async function ask(route: string, headers: Record<string, string> = {}, from = door) {
  const [method = '', url = ''] = route.split(' ');
  const body = BODIES[route];
  const { statusCode, payload } = await from.app.inject({
    method: method as 'GET' | 'POST',
    url,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: statusCode, payload };
}

const codeOf = (payload: string): unknown => (JSON.parse(payload) as { error: { code: string } }).error.code;

describe('a role', () => {
  it.each(ROLES)('%s may do what the table says, and nothing else', async (role) => {
    const key = await door.key(role);
    for (const route of ROUTES) {
      const { status, payload } = await ask(route, { 'x-api-key': key });
      const allowed = ALLOWED[route] ?? [];
      const isAllowed = allowed === 'everybody' || allowed.includes(role);
      expect(status, `${role} ${route}`).toBe(isAllowed ? 200 : 403);
      if (!isAllowed) expect(codeOf(payload)).toBe('HF613');
    }
  });

  it('covers every route that the server has', () => {
    const paths = door.app.swagger().paths ?? {};
    const served = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object)
        .filter((method) => method !== 'head')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(served.filter((route) => !ROUTES.includes(route))).toEqual([]);
    expect(ROUTES.filter((route) => !served.includes(route))).toEqual(['GET /docs']);
  });
});

describe('a key', () => {
  const closed = ROUTES.filter((route) => ALLOWED[route] !== 'everybody');

  it.each(closed)('is needed for %s', async (route) => {
    const { status, payload } = await ask(route);
    expect(status).toBe(401);
    expect(codeOf(payload)).toBe('HF612');
  });

  it('is refused where it is unknown, changed in one character, cut or empty', async () => {
    const key = await door.key('admin');
    const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    const [, id = ''] = key.split('_');
    const strangers = [changed, key.slice(0, -1), `${key}x`, key.toUpperCase(), id, '', 'x'.repeat(4000)];
    for (const wrong of [...strangers, `hf_000000000000_${'A'.repeat(43)}`]) {
      const { status, payload } = await ask('GET /model/info', { 'x-api-key': wrong });
      expect([status, codeOf(payload)], wrong.slice(0, 80)).toEqual([401, 'HF612']);
    }
    expect((await ask('GET /model/info', { 'x-api-key': key })).status).toBe(200);
    expect((await ask('GET /model/info', { authorization: `Bearer ${key}` })).status).toBe(200);
  });

  it('is refused from the instant on at which it expires', async () => {
    const key = await door.key('admin', '2024-09-15T13:00:00.000Z');
    now = new Date('2024-09-15T12:59:59.999Z');
    expect((await ask('GET /model/info', { 'x-api-key': key })).status).toBe(200);
    now = new Date('2024-09-15T13:00:00Z');
    const { status, payload } = await ask('GET /model/info', { 'x-api-key': key });
    expect(status).toBe(401);
    expect(payload).toContain('expired');
  });

  it('is refused once it is revoked, and stays revoked', async () => {
    const key = await door.key('admin');
    const id = key.split('_')[1] ?? '';
    const first = await door.store.revoke(id);
    now = new Date(now.getTime() + 1000);
    expect(await door.store.revoke(id)).toEqual(first);
    expect(await door.store.revoke('ffffffffffff')).toBeUndefined();
    await door.keys.refresh();
    const { status, payload } = await ask('GET /model/info', { 'x-api-key': key });
    expect(status).toBe(401);
    expect(payload).toContain('revoked');
  });

  it('is in no file: only its hash is, and the file is for its owner', async () => {
    const key = await door.key('service');
    const text = await readFile(door.store.file, 'utf8');
    expect(text).not.toContain(key);
    expect(text).not.toContain(key.split('_')[2] ?? key);
    expect((await stat(door.store.file)).mode & 0o077).toBe(0);
  });

  it('is in no log either, and neither is who was asked about', async () => {
    const key = await door.key('service');
    await ask('POST /predict', { 'x-api-key': key });
    const text = JSON.stringify(door.logged);
    expect(text).not.toContain(key);
    expect(text).not.toContain(LLD_REQUEST.customer_id);
  });
});

describe('a server without keys', () => {
  it('lets everybody on its machine do everything, asked by no other name', async () => {
    await using open = await openDoor(await broadband());
    for (const route of ROUTES) {
      for (const host of ['localhost:8000', '127.0.0.1:8000', '[::1]:8000', 'localhost']) {
        expect((await ask(route, { host }, open)).status, `${route} ${host}`).toBe(200);
      }
      const stranger = await ask(route, { host: 'rebound.example:8000' }, open);
      expect(stranger.status, route).toBe(ALLOWED[route] === 'everybody' ? 200 : 403);
    }
  });

  it('does not open because its file of keys was emptied or damaged', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-keys-'));
    const store = openKeyStore(folder, systemClock);
    await writeFile(store.file, '');
    expect((await openKeyRing(store, systemClock)).isOpen).toBe(false);
    await writeFile(store.file, '#{"event":"revoked"}\n');
    await expect(openKeyRing(store, systemClock)).rejects.toMatchObject({
      code: 'HF108',
      place: { file: store.file, line: 1 },
    });
    await rm(folder, { recursive: true });
  });

  it('is not told what to do by a page of another site', async () => {
    await using door = await openDoor(await broadband());
    const { statusCode } = await door.app.inject({
      method: 'POST',
      url: '/admin/reload',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(statusCode).toBe(403);
  });

  it('is closed by its first key, and does not open when that one ends', async () => {
    await using open = await openDoor(await broadband());
    expect((await ask('GET /model/info', { host: 'localhost' }, open)).status).toBe(200);
    const key = await open.key('viewer');
    expect((await ask('GET /model/info', { host: 'localhost' }, open)).status).toBe(401);
    await open.store.revoke(key.split('_')[1] ?? '');
    await open.keys.refresh();
    expect((await ask('GET /model/info', { host: 'localhost' }, open)).status).toBe(401);
  });
});
