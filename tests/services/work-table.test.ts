/** The record of work in a real PostgreSQL, to which two processes write, and which goes away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import type { WorkBook } from '../../src/work/index.ts';
import { openWork } from '../../src/workflow/index.ts';
import { hasPostgres, openPostgresServer, type PostgresServer } from './postgres-server.ts';

const SKIPPED = hasPostgres ? '' : ' (skipped: there is no PostgreSQL, see `npm run test:services`)';
const TAKER = fileURLToPath(new URL('work-taker.ts', import.meta.url));
const ANN = { id: 'a', name: 'Ann', isLead: false };
const BOB = { id: 'b', name: 'Bob', isLead: false };

let database: PostgresServer;
let stateFolder: string;
const said: string[] = [];
const note = (_facts: object, message: string): void => {
  said.push(message);
};
beforeAll(async () => {
  if (hasPostgres) database = await openPostgresServer();
  stateFolder = await mkdtemp(path.join(tmpdir(), 'holdfast-table-'));
});
beforeEach(async () => {
  said.length = 0;
  if (hasPostgres) await database.query('DROP TABLE IF EXISTS holdfast_work');
});
afterAll(async () => {
  if (hasPostgres) await database[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true });
});

const openIn = (folder: string, databaseUrl: string | undefined): Promise<WorkBook> =>
  openWork({
    stateFolder: folder,
    databaseUrl,
    clock: systemClock,
    log: { info: note, warn: note },
  });
const open = (folder = stateFolder): Promise<WorkBook> => openIn(folder, database.url);
/** A server that has no database. */
const openFile = (folder: string): Promise<WorkBook> => openIn(folder, undefined);
const count = async (): Promise<number> =>
  Number((await database.query('SELECT count(*) AS n FROM holdfast_work'))[0]?.['n']);

describe.runIf(hasPostgres)(`work in PostgreSQL${SKIPPED}`, () => {
  test('is read back as it was recorded, by a process of another time zone too', async () => {
    await using book = await open();
    const until = new Date(Date.now() + 86_400_000 * 3).toISOString().slice(0, 10);
    await book.record('e1', { action: 'snooze', until, reason: 'ü "\\ \n and \u{1f600}' }, ANN);
    await book.record('e1', { action: 'contact', outcome: 'no_answer' }, ANN);
    await database.query(`ALTER ROLE churn SET timezone TO 'Asia/Kathmandu'`);
    await using other = await open();
    expect(other.states()).toEqual(book.states());
    expect(other.history('e1')).toEqual(book.history('e1'));
    await database.query('ALTER ROLE churn RESET timezone');
  });

  test('of two processes goes to one of them, each entity once', async () => {
    const start = (name: string) =>
      spawn(process.execPath, ['--import', 'tsx', TAKER, stateFolder, database.url, name], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const taken = await Promise.all(
      ['ann', 'bob'].map(async (name) => {
        const child = start(name);
        let text = '';
        child.stdout.on('data', (more: Buffer) => (text += more.toString()));
        const [code] = (await once(child, 'close')) as [number];
        expect(code).toBe(0);
        return text.split('\n').slice(0, -1);
      }),
    );
    const all = taken.flat();
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(200);
    expect(await count()).toBe(200);
    const [{ last } = {}] = await database.query('SELECT max(sequence) AS last FROM holdfast_work');
    expect(Number(last)).toBe(200);
  });

  test('is told of once where two tell at once, and known to both', async () => {
    await using here = await open();
    await using there = await open();
    for (let number = 0; number < 50; number += 1) {
      const id = `e${String(number)}`;
      const contact = { action: 'contact', outcome: 'contacted' } as const;
      const results = await Promise.allSettled([
        here.record(id, contact, ANN),
        there.record(id, contact, BOB),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
    expect(await count()).toBe(50);
    await here.refresh();
    await there.refresh();
    expect(here.states()).toEqual(there.states());
  });

  test('is refused while the database is away, and read from memory; then it goes on', async () => {
    await using book = await open();
    await book.record('e1', { action: 'assign' }, ANN);
    await database.stop();
    await expect(book.record('e2', { action: 'assign' }, ANN)).rejects.toMatchObject({ code: 'HF631' });
    expect((await book.refresh()).size).toBe(0);
    expect(book.states().get('e1')?.assignee?.name).toBe('Ann');
    await using late = await open();
    expect(() => late.states()).toThrow('PostgreSQL does not answer');
    await database.start();
    await expect
      .poll(() => book.record('e2', { action: 'assign' }, ANN).then(() => 'recorded', String), {
        timeout: 20_000,
      })
      .toBe('recorded');
    await expect.poll(() => late.refresh().then(({ size }) => size, String), { timeout: 20_000 }).toBe(2);
    expect(said.filter((text) => text.includes('does not answer')).length).toBeGreaterThan(0);
    expect(said.filter((text) => text.includes('answers again')).length).toBeGreaterThan(0);
  });

  test('takes over the file of a server that had no database, once', async () => {
    const folder = await mkdtemp(path.join(stateFolder, 'moved-'));
    await using before = await openFile(folder);
    for (const id of ['e1', 'e2', 'e3']) await before.record(id, { action: 'assign' }, ANN);
    for (let time = 0; time < 2; time += 1) {
      await using book = await open(folder);
      expect(book.states()).toEqual(before.states());
      expect(await count()).toBe(3);
    }
    await using book = await open(folder);
    await book.record('e4', { action: 'assign' }, BOB);
    await using again = await open(folder);
    expect(again.states().size).toBe(4);
    expect(said.filter((text) => text.includes('was moved'))).toHaveLength(1);
  });

  test('takes the same file over once where two servers do it at the same time', async () => {
    const folder = await mkdtemp(path.join(stateFolder, 'twice-'));
    await using before = await openFile(folder);
    const ids = Array.from({ length: 40 }, (_, index) => `e${String(index)}`);
    for (const id of ids) await before.record(id, { action: 'contact', outcome: 'contacted' }, ANN);
    const books = await Promise.all([open(folder), open(folder)]);
    try {
      expect(await count()).toBe(ids.length);
      for (const book of books) {
        await book.refresh();
        expect(book.states()).toEqual(before.states());
      }
      expect(said.filter((text) => text.includes('has other work'))).toEqual([]);
    } finally {
      for (const book of books) await book[Symbol.asyncDispose]();
    }
  });

  test('does not mix with what another workspace recorded there', async () => {
    await using other = await open();
    await other.record('x1', { action: 'assign' }, BOB);
    const folder = await mkdtemp(path.join(stateFolder, 'mixed-'));
    await using before = await openFile(folder);
    await before.record('e1', { action: 'assign' }, ANN);
    await using book = await open(folder);
    expect([...book.states().keys()]).toEqual(['x1']);
    expect(said).toContain('the file has other work than PostgreSQL; it is not read');
  });
});
