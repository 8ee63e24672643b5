/** The model that answers where what it is made from, or kept up with, fails for a while. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../../src/engine/index.ts';
import { readCustomers } from '../../src/desk/index.ts';
import { fixedClock, HoldfastError } from '../../src/kernel/index.ts';
import { openLake } from '../../src/lake/index.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import type { WorkBook } from '../../src/work/index.ts';
import { LiveModel } from '../../src/workflow/desk/live-model.ts';
import { writeMadeScores } from './made-scores.ts';

const CLOCK = fixedClock('2024-10-02T12:00:00Z');
let folder: string;
let pack: Pack;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-live-'));
  pack = await loadPack(path.resolve('packs/broadband'));
  await writeMadeScores({ lake: folder, pack, rows: 200, date: '2024-10-01' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A book that fails in the ways that the test sets. */
function bookOf(): WorkBook & { isAway: boolean; isUnread: boolean; refreshing: Promise<unknown> } {
  const away = (): HoldfastError => new HoldfastError('HF631', { message: 'the record is away' });
  const book = {
    isAway: false,
    isUnread: false,
    refreshing: Promise.resolve() as Promise<unknown>,
    states() {
      if (book.isUnread) throw away();
      return new Map();
    },
    history: () => [],
    record: () => Promise.reject(away()),
    takeFirst: () => Promise.resolve(null),
    async refresh() {
      await book.refreshing;
      if (book.isAway) throw away();
      return new Set<string>();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return book;
}

async function openLive() {
  const engine = await openDuckDb();
  const work = bookOf();
  const warnings: string[] = [];
  const live = new LiveModel({
    engine,
    lake: openLake({ root: folder, engine, clock: CLOCK }),
    pack,
    clock: CLOCK,
    work,
    log: { warn: (_facts, message) => warnings.push(message) },
  });
  const total = (): Promise<number> =>
    live.ask('ann', async (question) => (await readCustomers(question, { tab: 'all' })).total);
  return {
    live,
    work,
    warnings,
    total,
    tables: async () =>
      (await engine.rows(`SELECT table_name FROM duckdb_tables() WHERE schema_name = 'holdfast_desk'`))
        .length,
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

test('leaves no tables behind where it cannot be loaded, and is loaded once it can', async () => {
  await using open = await openLive();
  for (const fails of ['isAway', 'isUnread'] as const) {
    open.work[fails] = true;
    for (let round = 0; round < 3; round += 1)
      await expect(open.total()).rejects.toMatchObject({ code: 'HF631' });
    open.work[fails] = false;
    // What is dropped is dropped in turn with what is written.
    await expect.poll(open.tables).toBe(0);
  }
  expect(await open.total()).toBe(200);
  expect(await open.tables()).toBe(2);
});

test('answers while the record is slow or away, and says so in the log', async () => {
  await using open = await openLive();
  await open.total();
  let answerAtLast = (): void => undefined;
  open.work.refreshing = new Promise<void>((resolve) => {
    answerAtLast = resolve;
  });
  open.work.isAway = true;
  expect(await open.total()).toBe(200);
  expect(await open.total()).toBe(200);
  answerAtLast();
  await expect.poll(() => open.warnings).toHaveLength(1);
});
