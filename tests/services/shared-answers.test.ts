/** Answers shared in a real Redis, which dies, hangs and comes back while requests run. */
import { openAnswerCache } from '../../src/workflow/serving/answer-cache.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import { championSet } from '../../src/registry/index.ts';
import { openSharedCache } from '../../src/store/index.ts';
import { openScoringService, scoringPartsOf, type ScoringService } from '../../src/workflow/index.ts';
import { openMagazine, readerOf, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { hasRedis, openRedisServer, type RedisServer } from './redis-server.ts';
import { predictionLines, type Serving, serveMagazine } from './serving.ts';

const SKIPPED = hasRedis ? '' : ' (skipped: there is no redis-server, see `npm run test:services`)';

let redis: RedisServer;
let workspace: TestWorkspace;
beforeAll(async () => {
  if (!hasRedis) return;
  redis = await openRedisServer();
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
});
afterAll(async () => {
  if (!hasRedis) return;
  await workspace[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});

const serve = (): Promise<Serving> => serveMagazine(workspace.folder, { HOLDFAST_REDIS_URL: redis.url });
const isUp = (server: Serving) =>
  expect.poll(() => server.metric('churn_cache_redis_up'), { timeout: 20_000 }).toBe(1);

/** A service with a memory of its own, as another server would have it; so long an answer lives. */
async function withService(
  lifeMs: number,
  use: (service: ScoringService, exchange: (hash: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  await workspace.withContext(async (context) => {
    let set = await championSet(context.registry);
    if (set === undefined) throw new Error('there is no champion');
    const log = { info: () => undefined, warn: () => undefined };
    await using shared = openSharedCache({ url: redis.url, log });
    await expect.poll(() => shared.isUp).toBe(true);
    const cache = openAnswerCache({ lifeMs, entries: 100, clock: systemClock, shared });
    const loadSet = () => Promise.resolve(set);
    await using service = await openScoringService({ ...scoringPartsOf(context), loadSet, cache });
    await use(service, (hash) => {
      if (set !== undefined) set = { ...set, set: { ...set.set, hash } };
      return service.reload();
    });
  });
}

describe.runIf(hasRedis)(`answers in Redis${SKIPPED}`, () => {
  test('are given by a server that never scored the row, and hold nobody', async () => {
    const asked = readerOf('READER-77', 4);
    let first: Record<string, unknown>;
    {
      await using server = await serve();
      await isUp(server);
      first = (await server.predict(asked)).body;
      expect(await server.metric('churn_cache_misses_total')).toBe(1);
      await expect.poll(async () => (await redis.content()).size).toBe(1);
    }
    const [[key, value] = ['', '']] = await redis.content();
    expect(`${key} ${value}`).not.toContain('READER-77');
    expect(key).toMatch(/^holdfast:answer:[0-9a-f]{64}$/);
    expect(await redis.lifeOf(key)).toBeLessThanOrEqual(300_000);

    await using server = await serve();
    await isUp(server);
    const batch = await server.predict([asked, readerOf('READER-78', 4), readerOf('READER-79', 0)]);
    const again = await server.predict({ ...asked, reader_id: 'READER-80' });
    expect(await server.metric('churn_cache_recalled_total')).toBe(2);
    expect(await server.metric('churn_cache_hits_total')).toBe(3);
    expect(await server.metric('churn_cache_misses_total')).toBe(1);
    const scores = ({ churn_probability, risk_level, reasons }: Record<string, unknown>) => ({
      churn_probability,
      risk_level,
      reasons,
    });
    expect(scores(again.body)).toEqual(scores(first));
    expect(again.body).toMatchObject({ reader_id: 'READER-80' });
    expect(again.body['request_id']).not.toBe(first['request_id']);
    expect(batch.body).toMatchObject([scores(first), scores(first), { reader_id: 'READER-79' }]);
    const lines = await predictionLines(workspace.folder);
    expect(lines.map(({ cached }) => cached)).toEqual(expect.arrayContaining([false, true]));
    expect(lines).toHaveLength(5);
  });

  test('end with their life, and are not those of another set', async () => {
    const asked = { entityId: 'A', features: { ...readerOf('A', 2), reader_id: undefined } };
    const { reader_id: _readerId, ...features } = readerOf('A', 2);
    const request = { ...asked, features };
    const score = async (service: ScoringService) => {
      await service.recall?.([request]);
      return service.score(request).isCached;
    };
    await withService(60_000, async (service, exchange) => {
      expect(await score(service)).toBe(false);
      await exchange('another');
      expect(await score(service)).toBe(false);
    });
    await withService(60_000, async (service, exchange) => {
      expect(await score(service)).toBe(true);
      await exchange('a third one');
      expect(await score(service)).toBe(false);
    });
    const { reader_id: _other, ...others } = readerOf('A', 3);
    const short = { entityId: 'A', features: others };
    await withService(300, (service) => {
      expect(service.score(short).isCached).toBe(false);
      return Promise.resolve();
    });
    await pause(400);
    await withService(300, async (service) => {
      await service.recall?.([short]);
      expect(service.score(short).isCached).toBe(false);
    });
  });

  test('of a poisoned or foreign entry are not given', async () => {
    await using shared = openSharedCache({
      url: redis.url,
      log: { info: () => undefined, warn: () => undefined },
    });
    await expect.poll(() => shared.isUp).toBe(true);
    const { reader_id: _readerId, ...features } = readerOf('A', 1);
    const request = { entityId: 'A', features };
    await withService(60_000, async (service) => {
      service.score(request);
      await expect.poll(async () => (await redis.content()).size).toBeGreaterThan(0);
    });
    const texts = ['', 'no JSON', '{}', 'null', '{"at":1,"answer":{"modelSetHash":"x","horizons":[]}}'];
    for (const text of texts) {
      for (const key of (await redis.content()).keys()) shared.put(key, text, 60_000);
      await expect.poll(async () => new Set((await redis.content()).values())).toEqual(new Set([text]));
      await withService(60_000, async (service) => {
        await service.recall?.([request]);
        expect(service.score(request).isCached).toBe(false);
      });
    }
  });
});

describe.runIf(hasRedis)(`requests while Redis is away${SKIPPED}`, () => {
  /** Requests one after the other, each for another row, until it is aborted: their statuses. */
  async function keepAsking(server: Serving, signal: AbortSignal) {
    const statuses: number[] = [];
    for (let number = 0; !signal.aborted; number += 1) {
      const asked = { ...readerOf('A', number % 5), months_subscribed: number % 600 };
      const { status } = await server.predict(asked);
      statuses.push(status);
    }
    return statuses;
  }

  test.each<[string, (running: RedisServer) => Promise<void>, (running: RedisServer) => Promise<void>]>([
    ['is killed and started again', (running) => running.stop('SIGKILL'), (running) => running.start()],
    [
      'hangs and goes on',
      (running) => {
        running.freeze();
        return Promise.resolve();
      },
      (running) => {
        running.resume();
        return Promise.resolve();
      },
    ],
  ])('that %s are all answered, and it is used again', async (_name, takeAway, giveBack) => {
    await using server = await serve();
    await isUp(server);
    const asking = new AbortController();
    const answered = Promise.all([keepAsking(server, asking.signal), keepAsking(server, asking.signal)]);
    await pause(500);
    await takeAway(redis);
    await expect.poll(() => server.metric('churn_cache_redis_up'), { timeout: 20_000 }).toBe(0);
    await pause(2500);
    await giveBack(redis);
    await isUp(server);
    await pause(500);
    asking.abort();
    const answers = (await answered).flat();
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(answers.length).toBeGreaterThan(100);
    // Each call that failed is an answer that waited for 20 ms at most: few, since Redis is then left alone.
    expect(await server.metric('churn_cache_failures_total')).toBeLessThan(100);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    const times = (words: string): number => server.stdout().split(words).length - 1;
    expect(times('Redis does not answer')).toBe(times('Redis answers again'));
    expect(times('Redis does not answer')).toBeGreaterThan(0);
    // Not at every try.
    expect(times('Redis does not answer')).toBeLessThan(4);
    expect(server.stdout()).not.toContain('pass:word');
  });

  test('a server starts and answers without it, and says so once', async () => {
    await redis.stop('SIGKILL');
    try {
      await using server = await serve();
      for (let number = 0; number < 20; number += 1)
        expect((await server.predict(readerOf('A', number % 5))).status).toBe(200);
      expect(await server.metric('churn_cache_hits_total')).toBe(15);
      server.kill('SIGTERM');
      expect(await server.exited).toBe(0);
      expect(server.stdout().match(/Redis does not answer/g)).toHaveLength(1);
    } finally {
      await redis.start();
    }
  });
});
