/** The routes of facts, overview, queue and file: rights, strict reading, headers, and nothing without a desk. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Customers, Facts, Overview } from '../../src/desk/index.ts';
import { lookFolder, ROLES } from '../../src/store/index.ts';
import { type Door, openDoor } from '../serving/door.ts';
import { type MadeDesk, openMadeDesk } from './made-desk.ts';

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  '/v1/facts': ['viewer', 'agent', 'lead', 'data-scientist', 'admin'],
  '/v1/overview': ['viewer', 'lead', 'data-scientist', 'admin'],
  '/v1/customers': ['agent', 'lead', 'admin'],
  '/v1/customers.csv': ['lead', 'admin'],
};

let made: MadeDesk;
let door: Door;
let admin: string;

beforeAll(async () => {
  made = await openMadeDesk();
  await made.score({ rows: 300, date: '2024-10-01' });
  door = await openDoor(made.service, {}, made.clock, {}, { desk: made.desk });
  admin = await door.key('admin');
});
afterAll(async () => {
  await door[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
});

const get = (url: string, key = admin) => door.app.inject({ url, headers: { 'x-api-key': key } });

describe('the routes of the queue', () => {
  test.each(ROLES)('give the role %s what the table of rights says', async (role) => {
    const key = await door.key(role);
    for (const [url, roles] of Object.entries(ALLOWED)) {
      const { statusCode, headers } = await get(url, key);
      expect(statusCode, `${role} ${url}`).toBe(roles.includes(role) ? 200 : 403);
      if (statusCode === 200) expect(headers['cache-control']).toBe('no-store');
      expect((await door.app.inject({ url })).statusCode).toBe(401);
    }
  });

  test('answer what the contract says', async () => {
    Facts.parse((await get('/v1/facts')).json());
    Overview.parse((await get('/v1/overview')).json());
    const page = Customers.parse((await get('/v1/customers?tab=all&limit=7')).json());
    expect([page.total, page.rows.length]).toEqual([300, 7]);
    const tiers = Customers.parse(
      (await get('/v1/customers?tab=all&tier=RED&tier=AMBER&segment.technology=B')).json(),
    );
    for (const { tier } of tiers.rows) expect(['RED', 'AMBER']).toContain(tier);
  });

  test.each([
    ['colour=red', 'colour'],
    ['limit=61', 'limit'],
    ['limit=0', 'limit'],
    ['limit=5.5', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=1e9', 'offset'],
    ['tab=everything', 'tab'],
    ['tab=due&tab=all', 'tab'],
    ['tier=PURPLE', 'tier'],
    ['probability_from=1.5', 'probability_from'],
    ['probability_to=NaN', 'probability_to'],
    ['horizon=45', 'horizon'],
    ['overdue=yes', 'overdue'],
    ['sort=name', 'sort'],
    ['order=up', 'order'],
    ['search=a%00b', 'search'],
    [`search=${'x'.repeat(257)}`, 'search'],
    ['segment.postcode=1', 'segment.postcode'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ])('refuse %s by the name of the field', async (query, field) => {
    const { statusCode, json } = await get(`/v1/customers?${query}`);
    expect(statusCode).toBe(422);
    expect(json()).toMatchObject({ error: { code: 'HF611', field } });
  });

  test('take no parts of rows for a file, which has all of them', async () => {
    expect((await get('/v1/customers.csv?limit=10')).json()).toMatchObject({ error: { field: 'limit' } });
    const { headers, payload } = await get('/v1/customers.csv?tab=all&tier=RED');
    const { total } = Customers.parse((await get('/v1/customers?tab=all&tier=RED')).json());
    expect(headers).toMatchObject({
      'x-total-rows': String(total),
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="customers_2024-10-01.csv"',
    });
    expect(payload.match(/,2024-10-01,RED,/g)).toHaveLength(total);
  });

  test('note who took a file, with its filter and its rows', async () => {
    const { headers } = await get('/v1/customers.csv?tab=all&tier=AMBER');
    const folder = lookFolder(door.folder);
    const files = await readdir(folder);
    const lines = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
    const looks = lines
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(looks.at(-1)).toMatchObject({
      what: 'export',
      by_role: 'admin',
      rows: Number(headers['x-total-rows']),
      filter: { tab: 'all', tier: ['AMBER'] },
    });
  });

  test('are not there where there is no desk, and take no other method', async () => {
    await using bare = await openDoor(made.service);
    for (const url of Object.keys(ALLOWED)) {
      const { statusCode, json } = await bare.app.inject({ url, headers: { host: 'localhost' } });
      expect([statusCode, json<{ error: { code: string } }>().error.code]).toEqual([404, 'HF614']);
      const posted = await door.app.inject({ method: 'POST', url, headers: { 'x-api-key': admin } });
      expect([posted.statusCode, posted.headers.allow]).toEqual([405, 'GET, HEAD']);
    }
    const { json } = await get('/');
    expect(json()).toMatchObject({ name: 'holdfast' });
  });
});
