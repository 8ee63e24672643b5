/**
 * How long the queue of the dashboard takes at 200,000 entities: random filters, sorts and pages, one after the other.
 * `npm run bench:desk [-- <workspace with scores>]`; without one, scores are made up.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../src/config/index.ts';
import type { CustomersQuery } from '../src/desk/index.ts';
import { systemClock } from '../src/kernel/index.ts';
import { openDesk, openWork } from '../src/workflow/index.ts';
import { ANN, serviceOf } from '../tests/desk/made-desk.ts';
import { writeMadeScores } from '../tests/desk/made-scores.ts';
import { uniformNumbers } from '../tests/learner/example-data.ts';

const ROWS = 200_000;
const QUESTIONS = 200;

const given = process.argv[2];
const folder = given ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-bench-desk-')));
const flags = { workspace: folder, pack: 'broadband', 'engine.threads': '2' };
const { config, pack } = await resolveConfig({
  flags: Object.entries(flags).map(([key, value]) => ({ key, value, flag: `--${key}` })),
});
const lake = path.join(folder, 'lake');
if (given === undefined) {
  await writeMadeScores({ lake, pack, rows: ROWS, date: '2024-09-01', seed: 1 });
  await writeMadeScores({ lake, pack, rows: ROWS, date: '2024-10-01' });
}
const state = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-state-'));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const clock = systemClock;
const next = uniformNumbers(7);
const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;

/** What people click: a tab, some filters, a sort, and a page that is more often one of the first. */
function randomQuery(tiers: readonly string[]): CustomersQuery {
  const edge = (): number => Math.floor(next() * 20) / 20;
  return {
    tab: pick(['due', 'due', 'all', 'snoozed', 'suppressed']),
    offset: Math.floor(next() ** 4 * 2000) * 50,
    limit: 50,
    sort: pick([
      'value_at_risk',
      'remaining_value',
      'contact_by',
      'tier',
      'id',
      'probability_30d',
      'probability_90d',
    ]),
    order: pick(['ascending', 'descending']),
    ...(next() < 0.4 ? { tier: [pick(tiers)] } : {}),
    ...(next() < 0.3 ? { search: pick(['C00', 'C0012', 'CUST_0001', '1']) } : {}),
    ...(next() < 0.3 ? { horizon: 30, probability_from: edge(), probability_to: 1 } : {}),
    ...(next() < 0.3 ? { segments: { technology: ['B', 'c1', 'missing'] } } : {}),
    ...(next() < 0.2 ? { overdue: true } : {}),
    ...(next() < 0.1 ? { assignee: 'nobody' } : {}),
  };
}

interface Times {
  readonly wall_ms: number;
  readonly cpu_ms: number;
}

async function timed<T>(work: () => Promise<T>): Promise<Times & { readonly result: T }> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const result = await work();
  const used = process.cpuUsage(cpu);
  return { wall_ms: performance.now() - begun, cpu_ms: (used.user + used.system) / 1000, result };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
function say(what: string, times: readonly Times[]): void {
  const at = (share: number, of: keyof Times): number => {
    const sorted = times.map((time) => time[of]).sort((left, right) => left - right);
    return rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  };
  const parts = (['wall_ms', 'cpu_ms'] as const).map(
    (of) => `${of} p50 ${String(at(0.5, of))} p95 ${String(at(0.95, of))}`,
  );
  process.stdout.write(`${what}: ${parts.join(', ')}\n`);
}

try {
  await using desk = await openDesk({
    config,
    pack,
    clock,
    service: serviceOf(pack),
    log,
    openWork: () => openWork({ stateFolder: state, databaseUrl: undefined, clock, log }),
  });
  const load = await timed(() => desk.overview());
  say('first question, which loads', [load]);
  const tiers = load.result.tiers.map(({ name }) => name);
  for (let done = 0; done < 100; done += 1) await desk.next({}, ANN);
  const pages: Times[] = [];
  for (let asked = 0; asked < QUESTIONS; asked += 1) {
    const query = randomQuery(tiers);
    pages.push(await timed(() => desk.customers(query, ANN)));
  }
  say(`${String(QUESTIONS)} pages`, pages);
  const overviews: Times[] = [];
  for (let asked = 0; asked < 20; asked += 1) overviews.push(await timed(() => desk.overview()));
  say('20 overviews', overviews);
  const file = await timed(async () => {
    let bytes = 0;
    const { lines } = await desk.exportCustomers({ tab: 'all' }, ANN);
    for await (const piece of lines) bytes += piece.length;
    return bytes;
  });
  say(`a file of ${String(Math.round(file.result / 1e6))} MB`, [file]);
} finally {
  await rm(state, { recursive: true, force: true });
  if (given === undefined) await rm(folder, { recursive: true, force: true });
}
