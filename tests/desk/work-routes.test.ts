/** Work over HTTP: who may, what is refused, and that nobody gets what somebody else has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { People } from '../../src/desk/index.ts';
import { type Role, ROLES } from '../../src/store/index.ts';
import { openWorkDoor, type WorkDoor } from './work-door.ts';

const clock = { now: () => new Date('2026-03-10T09:00:00Z') };

let door: WorkDoor;
let ann: string;
let bob: string;
let lea: string;
beforeAll(async () => {
  door = await openWorkDoor(clock);
  ann = await door.key('agent', 'Ann');
  bob = await door.key('agent', 'Bob');
  lea = await door.key('lead', 'Lea');
});
afterAll(() => door[Symbol.asyncDispose]());

const idOf = (key: string): string => key.split('_')[1] ?? '';
const act = (key: string, id: string, body: unknown) =>
  door.ask(`POST /v1/customers/${id}/work`, { 'x-api-key': key }, body);
const next = (key: string, body: unknown = {}) => door.ask('POST /v1/work/next', { 'x-api-key': key }, body);

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly field?: string };
}

describe('work', () => {
  it.each(ROLES)('may be recorded by %s as the table says', async (role) => {
    const key = await door.key(role);
    const expected = (['agent', 'lead', 'admin'] as Role[]).includes(role) ? 200 : 403;
    expect((await next(key)).statusCode).toBe(expected);
    expect((await act(key, `e${String(100 + ROLES.indexOf(role))}`, { action: 'assign' })).statusCode).toBe(
      expected,
    );
  });

  it('needs a key', async () => {
    expect((await door.ask('POST /v1/work/next', {}, {})).statusCode).toBe(401);
    expect((await door.ask('POST /v1/customers/e1/work', {}, { action: 'assign' })).statusCode).toBe(401);
  });

  it('is answered with what it came to, and not kept by anybody on the way', async () => {
    const response = await act(ann, 'e20', { action: 'snooze', until: '2026-03-20', reason: 'on holiday' });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.json()).toEqual({
      status: 'snoozed',
      rule: 'snoozed until 2026-03-20',
      assignee: { id: idOf(ann), name: 'Ann' },
      until: '2026-03-20',
      reason: 'on holiday',
      last_outcome: null,
      last_contact_at: null,
      contacts: 0,
    });
    const contacted = await act(ann, 'e20', { action: 'contact', outcome: 'accepted_offer', note: 'glad' });
    expect(contacted.json()).toMatchObject({ status: 'done', last_outcome: 'accepted_offer', contacts: 1 });
  });

  it('on what is somebody else’s is refused with the name, unless a lead does it', async () => {
    await act(ann, 'e21', { action: 'assign' });
    const refused = await act(bob, 'e21', { action: 'contact', outcome: 'contacted' });
    expect(refused.statusCode).toBe(409);
    expect(refused.json<Refusal>().error).toMatchObject({ code: 'HF630', message: 'Ann is at work on it' });
    const given = await act(lea, 'e21', { action: 'assign', to: idOf(bob) });
    expect(given.json()).toMatchObject({ assignee: { name: 'Bob' } });
    expect((await act(bob, 'e21', { action: 'contact', outcome: 'contacted' })).statusCode).toBe(200);
  });

  it('is given by leads alone, to holders of valid keys that may record work', async () => {
    expect((await act(ann, 'e22', { action: 'assign', to: idOf(bob) })).statusCode).toBe(403);
    const viewer = await door.key('viewer', 'Vera');
    const ended = await door.key('agent', 'Eve');
    await door.store.revoke(idOf(ended));
    await door.refreshKeys();
    for (const key of [viewer, ended, 'hf_nobody_x']) {
      const response = await act(lea, 'e22', { action: 'assign', to: idOf(key) });
      expect([response.statusCode, response.json<Refusal>().error.field]).toEqual([422, 'to']);
    }
  });

  it.each([
    [{ action: 'dance' }, 'action'],
    [{}, 'action'],
    [{ action: 'snooze', until: '2026-03-20' }, 'reason'],
    [{ action: 'snooze', until: '2026-02-30', reason: 'x' }, 'until'],
    [{ action: 'snooze', until: '2026-03-10', reason: 'x' }, 'until'],
    [{ action: 'snooze', until: '9999-12-31', reason: 'x' }, 'until'],
    [{ action: 'suppress', reason: '' }, 'reason'],
    [{ action: 'suppress', reason: 'x'.repeat(501) }, 'reason'],
    [{ action: 'suppress', reason: 'a\u0007b' }, 'reason'],
    [{ action: 'contact', outcome: 'asleep' }, 'outcome'],
    [{ action: 'contact', outcome: 'contacted', note: 'x'.repeat(2001) }, 'note'],
    [{ action: 'assign', whom: 'me' }, 'whom'],
    [[], ''],
  ])('that makes no sense is refused with the field: %j', async (body, field) => {
    const response = await act(ann, 'e30', body);
    expect(response.statusCode).toBe(422);
    expect(response.json<Refusal>().error).toMatchObject({ code: 'HF611' });
    expect(response.json<Refusal>().error.field ?? '').toBe(field);
  });

  it('about nobody is 404', async () => {
    expect((await act(ann, 'nobody', { action: 'assign' })).statusCode).toBe(404);
  });

  it('is in no log of the service', async () => {
    await act(ann, 'e23', { action: 'suppress', reason: 'her mother died' });
    await act(ann, 'e23', { action: 'contact', outcome: 'left', note: 'cried' });
    const text = JSON.stringify(door.logged);
    for (const secret of ['/e23', '"e23"', 'her mother', 'cried', 'on holiday', 'Ann'])
      expect(text).not.toContain(secret);
  });
});

describe('people', () => {
  const people = (key: string) => door.ask('GET /v1/people', { 'x-api-key': key });

  it.each(ROLES)('are told to %s as the table says', async (role) => {
    const key = await door.key(role);
    const response = await people(key);
    expect(response.statusCode).toBe((['lead', 'admin'] as Role[]).includes(role) ? 200 : 403);
    if (response.statusCode === 200) expect(response.headers['cache-control']).toBe('no-store');
  });

  it('are told to nobody without a key, and to nobody who asks for more', async () => {
    expect((await door.ask('GET /v1/people')).statusCode).toBe(401);
    expect((await door.ask('GET /v1/people?all=true', { 'x-api-key': lea })).statusCode).toBe(422);
  });

  it('are the holders of valid keys that may record work, by name, and each may be given some', async () => {
    const viewer = await door.key('viewer', 'Vic');
    const revoked = await door.key('agent', 'Rex');
    await door.store.revoke(idOf(revoked));
    const expired = await door.key('agent', 'Exa', '2026-03-10T08:59:59Z');
    await door.refreshKeys();
    const { people: found } = People.parse((await people(lea)).json());
    expect(found).toContainEqual({ id: idOf(ann), name: 'Ann', role: 'agent' });
    expect(found).toContainEqual({ id: idOf(lea), name: 'Lea', role: 'lead' });
    const ids = found.map(({ id }) => id);
    for (const key of [viewer, revoked, expired]) expect(ids).not.toContain(idOf(key));
    expect(found.map(({ name }) => name)).toEqual(
      found.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en')),
    );
    for (const { id, name } of found) {
      const given = await act(lea, 'e40', { action: 'assign', to: id });
      expect(given.json()).toMatchObject({ assignee: { id, name } });
    }
  });
});

describe('the next one', () => {
  it('is another for each of two who ask at once, until there is none', async () => {
    const body = { search: 'e2' };
    const taken: string[] = [];
    for (;;) {
      const rows = await Promise.all([next(ann, body), next(bob, body), next(lea, body)]);
      const ids = rows.map((row) => row.json<{ id: string } | null>()?.id);
      taken.push(...ids.filter((id) => id !== undefined));
      if (ids.includes(undefined)) break;
    }
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(90);
    const none = await next(ann, body);
    expect([none.statusCode, none.payload, none.headers['content-type']]).toEqual([
      200,
      'null',
      'application/json; charset=utf-8',
    ]);
  });

  it.each([
    [{ colour: 'red' }, 'colour'],
    [{ tier: 'RED' }, 'tier'],
    [{ probability_from: 2 }, 'probability_from'],
  ])('takes filters that there are: %j', async (body, field) => {
    const response = await next(ann, body);
    expect([response.statusCode, response.json<Refusal>().error.field]).toEqual([422, field]);
  });
});
