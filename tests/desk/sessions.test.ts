/** Signing in and out in a browser, and everything that must not pass for it. */
import { createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/store/index.ts';
import { openWorkDoor, type WorkDoor } from './work-door.ts';

let now = new Date('2026-03-10T09:00:00Z');
const clock = { now: () => now };
const HOUR_MS = 3_600_000;
const PAGE = { 'sec-fetch-site': 'same-origin' };

let door: WorkDoor;
beforeAll(async () => {
  door = await openWorkDoor(clock);
  await door.key('viewer');
});
beforeEach(() => {
  // Failed sign-ins of one test must not be counted in the next.
  now = new Date(now.getTime() + 2 * 60_000);
});
afterAll(() => door[Symbol.asyncDispose]());

/** Signs in and gives the cookie as a browser sends it back. */
async function signIn(key: string, at = door): Promise<{ cookie: string }> {
  const response = await at.ask('POST /v1/session', PAGE, { key });
  expect(response.statusCode, response.payload).toBe(200);
  return { cookie: String(response.headers['set-cookie']).split(';')[0] ?? '' };
}

const sessionOf = async (headers: Record<string, string>, at = door): Promise<Record<string, unknown>> =>
  (await at.ask('GET /v1/session', headers)).json();

describe('a session', () => {
  it('says who is signed in and what they may do, and is over with signing out', async () => {
    const key = await door.key('agent', 'Ann');
    const session = await signIn(key);
    expect(await sessionOf(session)).toEqual({
      is_open: false,
      is_signed_in: true,
      id: key.split('_')[1],
      name: 'Ann',
      role: 'agent',
      permissions: expect.arrayContaining(['work.write', 'customers.read']) as string[],
    });
    expect(await sessionOf({ 'x-api-key': key })).toEqual(await sessionOf(session));
    expect(await sessionOf({})).toMatchObject({ is_open: false, is_signed_in: false, permissions: [] });
    const out = await door.ask('DELETE /v1/session', { ...session, ...PAGE });
    expect(out.json()).toMatchObject({ is_signed_in: false });
    expect(out.headers['set-cookie']).toMatch(
      /^holdfast_session=; Path=\/; Max-Age=0; HttpOnly; SameSite=Strict$/,
    );
  });

  it('has a cookie that scripts and other sites do not see, and plain connections neither', async () => {
    const key = await door.key('agent');
    const headers = { ...PAGE, 'x-forwarded-proto': 'https' };
    const plain = (await door.ask('POST /v1/session', PAGE, { key })).headers['set-cookie'];
    const secure = (await door.ask('POST /v1/session', headers, { key })).headers['set-cookie'];
    expect(plain).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(secure).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/);
    expect(String(plain)).not.toContain(key.split('_')[2]);
  });

  it.each(ROLES)('of the role %s may do what its key may', async (role) => {
    const key = await door.key(role);
    const session = await signIn(key);
    for (const route of ['GET /model/info', 'GET /metrics', 'POST /v1/work/next']) {
      const body = route.startsWith('POST') ? {} : undefined;
      const byKey = await door.ask(route, { 'x-api-key': key }, body);
      const bySession = await door.ask(route, { ...session, ...PAGE }, body);
      expect(bySession.statusCode, `${role} ${route}`).toBe(byKey.statusCode);
    }
  });

  it('lasts twelve hours, and never longer than its key', async () => {
    const session = await signIn(await door.key('agent'));
    now = new Date(now.getTime() + 12 * HOUR_MS - 1);
    expect((await door.ask('GET /model/info', session)).statusCode).toBe(200);
    now = new Date(now.getTime() + 1);
    const late = await door.ask('GET /model/info', session);
    expect([late.statusCode, late.json<{ error: { code: string } }>().error.code]).toEqual([401, 'HF612']);
    expect(await sessionOf(session)).toMatchObject({ is_signed_in: false });
    const soon = new Date(now.getTime() + HOUR_MS).toISOString();
    const short = await signIn(await door.key('agent', 'Ann', soon));
    expect((await door.ask('GET /model/info', short)).statusCode).toBe(200);
    now = new Date(now.getTime() + HOUR_MS);
    expect((await door.ask('GET /model/info', short)).statusCode).toBe(401);
  });

  it('ends at once with its key', async () => {
    const key = await door.key('agent');
    const session = await signIn(key);
    expect((await door.ask('GET /model/info', session)).statusCode).toBe(200);
    await door.store.revoke(key.split('_')[1] ?? '');
    await door.refreshKeys();
    const ended = await door.ask('GET /model/info', session);
    expect([ended.statusCode, ended.payload.includes('revoked')]).toEqual([401, true]);
  });

  it('outlives the server, and holds for others of the same state folder', async () => {
    const session = await signIn(await door.key('agent', 'Ann'));
    await using other = await openWorkDoor(clock, door.folder);
    expect(await sessionOf(session, other)).toMatchObject({ is_signed_in: true, name: 'Ann' });
    expect((await stat(path.join(door.folder, 'session.key'))).mode & 0o077).toBe(0);
  });

  it('does not count beside a key, also where that is wrong', async () => {
    const session = await signIn(await door.key('agent'));
    expect((await door.ask('GET /model/info', { ...session, 'x-api-key': 'wrong' })).statusCode).toBe(401);
    const viewer = await door.key('viewer', 'Vera');
    expect(await sessionOf({ ...session, 'x-api-key': viewer })).toMatchObject({ name: 'Vera' });
  });
});

describe('a cookie', () => {
  it('is refused where anything of it was changed', async () => {
    const admin = (await door.key('admin')).split('_')[1] ?? '';
    const { cookie } = await signIn(await door.key('viewer'));
    const [name = '', value = ''] = cookie.split('=');
    const [payload = '', signature = ''] = value.split('.');
    const made = Buffer.from(JSON.stringify({ key: admin, until: 9e15 })).toString('base64url');
    const signed = createHmac('sha256', '').update(made).digest('base64url');
    const secret = Buffer.from((await readFile(path.join(door.folder, 'session.key'), 'utf8')).trim(), 'hex');
    const otherUse = createHmac('sha256', secret).update(made).digest('base64url');
    const forged = [
      `${made}.${signature}`,
      `${made}.${signed}`,
      `${made}.${otherUse}`,
      `${payload}A.${signature}`,
      `${payload}.${signature.slice(1)}`,
      `${payload}.${'A'.repeat(43)}`,
      payload,
      '',
      '.',
      `${made}.`,
      'x'.repeat(4000),
    ];
    for (const text of forged) {
      const response = await door.ask('GET /model/info', { cookie: `${name}=${text}` });
      expect(response.statusCode, text.slice(0, 80)).toBe(401);
    }
    expect((await door.ask('GET /model/info', { cookie: `a=b; ${cookie}; c=d` })).statusCode).toBe(200);
  });

  it('is no reason to do what a page of another site sends', async () => {
    const session = await signIn(await door.key('agent'));
    const take = (headers: Record<string, string>, body: unknown = {}) =>
      door.ask('POST /v1/work/next', { ...session, ...headers }, body);
    const refused = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', origin: 'https://desk.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
      { ...PAGE, 'content-type': 'text/plain' },
      { ...PAGE, 'content-type': 'application/x-www-form-urlencoded' },
    ];
    for (const headers of refused) {
      const response = await take(headers);
      expect(response.statusCode, JSON.stringify(headers)).toBe(403);
      expect(response.json()).toMatchObject({ error: { code: 'HF613' } });
    }
    expect((await take(PAGE)).statusCode).toBe(200);
    expect((await take({ origin: 'https://desk.example' })).statusCode).toBe(200);
    expect((await take({ ...PAGE, 'content-type': 'application/json; charset=utf-8' })).statusCode).toBe(200);
  });
});

describe('signing in', () => {
  it('is refused with a wrong key, and said in the log without that key', async () => {
    const key = await door.key('agent');
    const wrong = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
    const response = await door.ask('POST /v1/session', PAGE, { key: wrong });
    expect(response.statusCode).toBe(401);
    expect(response.headers['set-cookie']).toBeUndefined();
    const lines = door.logged.filter((line) => JSON.stringify(line).includes('a sign-in failed'));
    expect(lines.at(-1)).toMatchObject({ address: '127.0.0.1', reason: 'the key is not known' });
    expect(JSON.stringify(door.logged)).not.toContain(wrong);
  });

  it('is refused for a while after many failures of an address, a right key too', async () => {
    const key = await door.key('agent');
    const tryWith = async (text: string): Promise<number> =>
      (await door.ask('POST /v1/session', PAGE, { key: text })).statusCode;
    for (let attempt = 0; attempt < 10; attempt += 1) expect(await tryWith('wrong')).toBe(401);
    expect(await tryWith('wrong')).toBe(429);
    expect(await tryWith(key)).toBe(429);
    now = new Date(now.getTime() + 60_000);
    expect(await tryWith(key)).toBe(200);
  });

  it.each([
    [{}, 'key'],
    [{ key: 5 }, 'key'],
    [{ key: 'x', role: 'admin' }, 'role'],
    [[], ''],
    [null, ''],
  ])('takes nothing but a key: %j', async (body, field) => {
    const response = await door.ask('POST /v1/session', PAGE, JSON.stringify(body));
    expect(response.statusCode).toBe(422);
    expect(response.json<{ error: { field?: string } }>().error.field ?? '').toBe(field);
  });

  it('is not done by a page of another site', async () => {
    const key = await door.key('agent');
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      expect((await door.ask('POST /v1/session', headers, { key })).statusCode).toBe(403);
      expect((await door.ask('DELETE /v1/session', headers)).statusCode).toBe(403);
    }
    // A program has no page.
    expect((await door.ask('POST /v1/session', {}, { key })).statusCode).toBe(200);
  });
});

describe('a server without keys', () => {
  it('is open to its own machine, and to nobody who calls it by another name', async () => {
    await using open = await openWorkDoor(clock);
    const here = { host: 'localhost:8000' };
    expect(await sessionOf(here, open)).toMatchObject({ is_open: true, is_signed_in: true, role: 'admin' });
    expect(await sessionOf({}, open)).toMatchObject({ is_open: true, is_signed_in: false, permissions: [] });
    expect((await open.ask('POST /v1/work/next', here, {})).statusCode).toBe(200);
    expect((await open.ask('POST /v1/work/next', {}, {})).statusCode).toBe(403);
  });
});
