/** The prediction log in a real PostgreSQL, which stops, hangs and comes back while requests run. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openPostgresWriter, openRecordSink, PREDICTION_TABLE } from '../../src/store/index.ts';
import { holdfast } from '../cli/holdfast.ts';
import { MAGAZINE_PACK, openMagazine, readerOf, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { hasPostgres, openPostgresServer, type PostgresServer } from './postgres-server.ts';
import { predictionLines, type Serving, serveMagazine } from './serving.ts';

const SKIPPED = hasPostgres ? '' : ' (skipped: there is no PostgreSQL, see `npm run test:services`)';

/** Somebody at risk: who has ended is in no snapshot. */
const KNOWN = String(readers(400).find(({ ended }) => ended === 'no')?.['reader_id']);

let database: PostgresServer;
let workspace: TestWorkspace;
beforeAll(async () => {
  if (!hasPostgres) return;
  database = await openPostgresServer();
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
});
beforeEach(async () => {
  if (hasPostgres) await database.query('DROP TABLE IF EXISTS holdfast_predictions');
});
afterAll(async () => {
  if (!hasPostgres) return;
  await workspace[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const serve = (environment: Record<string, string> = {}): Promise<Serving> =>
  serveMagazine(workspace.folder, { DATABASE_URL: database.url, ...environment });

const count = async (): Promise<number> =>
  Number((await database.query('SELECT count(*) AS n FROM holdfast_predictions'))[0]?.['n']);

/** Requests until it is aborted; gives how many there were. All must be answered with 200. */
async function keepAsking(server: Serving, signal: AbortSignal): Promise<number> {
  let number = 0;
  for (; !signal.aborted; number += 1)
    expect((await server.predict(readerOf(`R${String(number)}`, number % 5))).status).toBe(200);
  return number;
}

describe.runIf(hasPostgres)(`the prediction log in PostgreSQL${SKIPPED}`, () => {
  test('has every line of the log on disk, value by value, and flushes when the server ends', async () => {
    const before = (await predictionLines(workspace.folder)).length;
    await using server = await serve();
    await server.predict(readerOf('READER-77', 2));
    await server.predict({ ...readerOf('READER-77', 2), gift_from: 'a\u0000b "\u00fc" \\' });
    await server.predict({ reader_id: KNOWN });
    await server.predict(Array.from({ length: 700 }, (_, index) => readerOf(`R${String(index)}`, index % 5)));
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    const lines = (await predictionLines(workspace.folder)).slice(before);
    expect(lines).toHaveLength(703);
    const rows = await database.query(
      `SELECT record_id::text, request_id, to_json(answered_at AT TIME ZONE 'UTC') #>> '{}' || 'Z' AS answered_at,
              entity_hash, model_set, model_set_hash, tier, probabilities, features,
              features_as_of::text, latency_ms, answered_by, cached FROM holdfast_predictions`,
    );
    const byId = new Map(rows.map((row) => [row['record_id'], row]));
    // A text with a zero byte is the one thing that the database cannot hold.
    const refused = lines.filter(({ record_id: id }) => !byId.has(id));
    expect(refused).toHaveLength(1);
    expect(JSON.stringify(refused)).toContain('\\u0000');
    const instant = ({ answered_at: at, ...line }: Record<string, unknown>) => ({
      ...line,
      answered_at: Date.parse(String(at)),
    });
    for (const line of lines) {
      const row = byId.get(line['record_id']);
      if (row !== undefined) expect(instant(row)).toEqual(instant(line));
    }
    expect(server.stdout()).toContain('refuses records');
    expect(JSON.stringify(rows)).not.toContain('READER-77');
    expect(server.stdout()).not.toContain('hush');
  });

  test('catches up when the database was stopped in the middle; no answer waited or failed', async () => {
    const before = (await predictionLines(workspace.folder)).length;
    await using server = await serve();
    const asking = new AbortController();
    const asked = Promise.all([keepAsking(server, asking.signal), keepAsking(server, asking.signal)]);
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    await database.stop();
    await expect
      .poll(() => server.metric('churn_postgres_failures_total'), { timeout: 20_000 })
      .toBeGreaterThan(0);
    await pause(1000);
    await database.start();
    await pause(1000);
    asking.abort();
    const [first, second] = await asked;
    await expect.poll(() => server.metric('churn_postgres_waiting_rows'), { timeout: 30_000 }).toBe(0);
    expect(await server.metric('churn_postgres_rows_total{result="dropped"}')).toBe(0);
    const lines = (await predictionLines(workspace.folder)).slice(before);
    expect(lines).toHaveLength(first + second);
    expect(await count()).toBe(lines.length);
    expect(await server.metric('churn_postgres_rows_total{result="written"}')).toBe(lines.length);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.stdout().match(/PostgreSQL does not take records/g)).toHaveLength(1);
    expect(server.stdout().match(/PostgreSQL takes records again/g)).toHaveLength(1);
  });

  test('counts what it drops while too many wait, and the rest of the log is there', async () => {
    const before = (await predictionLines(workspace.folder)).length;
    await database.stop();
    await using server = await serve({ HOLDFAST_POSTGRES_QUEUE_ROWS: '50' });
    for (let number = 0; number < 80; number += 1)
      expect((await server.predict(readerOf(`R${String(number)}`))).status).toBe(200);
    expect(await server.metric('churn_postgres_rows_total{result="dropped"}')).toBe(30);
    expect(await server.metric('churn_postgres_waiting_rows')).toBe(50);
    await database.start();
    await expect.poll(() => server.metric('churn_postgres_waiting_rows'), { timeout: 30_000 }).toBe(0);
    expect(await count()).toBe(50);
    expect((await predictionLines(workspace.folder)).length - before).toBe(80);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(server.stdout().match(/too many records wait/g)).toHaveLength(1);

    // The gap is filled from the log on disk, also of the tests before; a second time there is nothing to fill.
    const push = async (words: readonly string[] = []) => {
      const { exitCode, stdout, stderr } = await holdfast(
        ['predictions', 'push', '--workspace', workspace.folder, '--pack', MAGAZINE_PACK, '--json', ...words],
        { environment: { HOLDFAST_POSTGRES_URL: database.url } },
      );
      return { exitCode, stderr, result: JSON.parse(stdout || 'null') as Record<string, number> | null };
    };
    const lines = await predictionLines(workspace.folder);
    const refused = lines.filter((line) => JSON.stringify(line).includes('\\u0000')).length;
    const first = await push();
    expect(first.result).toMatchObject({
      records: lines.length,
      added: lines.length - refused - 50,
      refused,
    });
    expect(await count()).toBe(lines.length - refused);
    expect((await push()).result).toMatchObject({ added: 0 });
    expect((await push(['--since', '2999-01-01'])).result).toMatchObject({ records: 0 });
    expect((await push(['--since', 'monday'])).exitCode).toBe(2);
    await database.stop();
    const failed = await push();
    await database.start();
    expect(failed.stderr).toContain('error[HF701]');
    expect(failed.stderr).not.toContain('hush');
  });

  test('does not keep a server that ends while the database hangs; what was not written is said', async () => {
    await using server = await serve();
    await server.predict(readerOf('A'));
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
    // Its process of the connection, which answers; the server's first process only takes new ones.
    const [{ pid } = { pid: 0 }] = await database.query(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'holdfast'",
    );
    process.kill(Number(pid), 'SIGSTOP');
    try {
      await server.predict(readerOf('A'));
      const begun = Date.now();
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);
      expect(Date.now() - begun).toBeLessThan(25_000);
      expect(server.stdout()).toContain('records were not written');
    } finally {
      process.kill(Number(pid), 'SIGCONT');
    }
  });

  test('a killed server leaves whole lines on disk, and at most as many rows', async () => {
    const before = (await predictionLines(workspace.folder)).length;
    await using server = await serve();
    const asking = new AbortController();
    const asked = keepAsking(server, asking.signal).catch(() => 0);
    await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(0);
    server.kill('SIGKILL');
    await server.exited;
    asking.abort();
    await asked;
    const lines = (await predictionLines(workspace.folder)).slice(before);
    expect(lines.length).toBeGreaterThan(0);
    expect(await count()).toBeLessThanOrEqual(lines.length);
  });

  test('takes a record once, however often it is sent, and makes its table anew where it is gone', async () => {
    const log = { info: () => undefined, warn: () => undefined };
    const line = {
      record_id: '00000000-0000-4000-8000-000000000001',
      request_id: 'r',
      answered_at: '2025-03-14T09:00:00.000Z',
      entity_hash: 'h',
      model_set: 1,
      model_set_hash: 'm',
      tier: 'HOT',
      probabilities: { '90d': 0.5 },
      features: null,
      features_as_of: null,
      latency_ms: 1,
      answered_by: 'champion',
      cached: false,
    };
    const open = () =>
      openRecordSink<object>({
        writer: openPostgresWriter(database.url, PREDICTION_TABLE),
        queueRows: 10,
        log,
      });
    for (let time = 0; time < 2; time += 1) {
      await using sink = open();
      sink.push(line);
      sink.push(line);
    }
    expect(await count()).toBe(1);
    await using sink = open();
    sink.push(line);
    await expect.poll(() => sink.figures.written, { timeout: 10_000 }).toBe(1);
    await database.query('DROP TABLE holdfast_predictions');
    sink.push(line);
    await expect.poll(() => sink.figures.written, { timeout: 10_000 }).toBe(2);
    expect(await count()).toBe(1);
    expect(sink.figures).toMatchObject({ failures: 1, dropped: 0, refused: 0 });
  });
});
