/**
 * Texts that servers share for a while, in Redis. It may be away or slow at any time: then nothing is found and nothing
 * is kept, and nobody waits for it.
 */
import type { Redis } from 'iovalkey';
import { openOutage, reasonOf, type StoreLog } from './outage.ts';

export interface SharedCache extends AsyncDisposable {
  /** Texts by key, null where there is none; an empty list where the store is away or does not answer in time. */
  get(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Keeps a text for so long; returns at once. */
  put(key: string, text: string, lifeMs: number): void;
  /** Whether calls reach it at present. */
  readonly isUp: boolean;
  /** Calls that failed or took too long. */
  readonly failures: number;
}

export interface SharedCacheOptions {
  /** `redis://` or `rediss://`, with user and password. */
  readonly url: string;
  readonly log: StoreLog;
  /** Beyond this time a call counts as failed. */
  readonly limitMs?: number;
}

const LIMIT_MS = 20;
/** So many calls in a row without an answer, and the store is left alone for a while. */
const FAILURES_IN_A_ROW = 5;
const SHORTEST_REST_MS = 1000;
const LONGEST_REST_MS = 30_000;
/** Texts on their way at once; further ones are not kept. */
const PUTS_AT_ONCE = 1000;
const RECONNECT_AT_MOST_MS = 2000;

/** Connects in the background; does not fail. The caller disposes it. */
export function openSharedCache({ url, log, limitMs = LIMIT_MS }: SharedCacheOptions): SharedCache {
  const outage = openOutage(log, {
    began: 'Redis does not answer; answers are kept in memory alone until it does',
    ended: 'Redis answers again',
  });
  let client: Redis | undefined;
  let isClosed = false;
  let failures = 0;
  let failuresInARow = 0;
  let restMs = SHORTEST_REST_MS;
  let restsUntil = 0;
  let puts = 0;

  const connecting = import('iovalkey').then(({ Redis }) => {
    if (isClosed) return;
    client = new Redis(url, {
      // Who asks while it is away is told so at once.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: RECONNECT_AT_MOST_MS,
      disconnectTimeout: 500,
      keepAlive: 10_000,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RECONNECT_AT_MOST_MS),
    });
    client.on('error', (error: unknown) => {
      outage.began(reasonOf(error));
    });
    client.on('close', () => {
      if (!isClosed) outage.began('the connection was closed');
    });
    client.on('ready', () => {
      if (performance.now() >= restsUntil) outage.ended();
    });
  });
  connecting.catch((error: unknown) => {
    outage.began(reasonOf(error));
  });

  const isUp = (): boolean => client?.status === 'ready' && performance.now() >= restsUntil;

  function failed(reason: string): void {
    failures += 1;
    failuresInARow += 1;
    // What is under way when the store is given up fails with it, and says nothing new.
    if (failuresInARow < FAILURES_IN_A_ROW || performance.now() < restsUntil) return;
    failuresInARow = 0;
    outage.began(reason);
    restsUntil = performance.now() + restMs;
    restMs = Math.min(restMs * 2, LONGEST_REST_MS);
    // A new connection is used when the store has answered on it: no request has to find out.
    client?.disconnect(true);
  }

  /** The result of a call; undefined where it fails or takes too long. */
  async function within<T>(call: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof LATE>((resolve) => {
      // Where this thread was busy the answer may be here already: it is read before the limit applies.
      timer = setTimeout(() => setImmediate(resolve, LATE), limitMs);
    });
    try {
      const result = await Promise.race([call, late]);
      if (result === LATE) {
        // Its failure later on is known already.
        call.catch(() => undefined);
        failed(`no answer within ${String(limitMs)} ms`);
        return undefined;
      }
      failuresInARow = 0;
      restMs = SHORTEST_REST_MS;
      outage.ended();
      return result;
    } catch (error) {
      failed(reasonOf(error));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async get(keys) {
      if (client === undefined || !isUp()) return [];
      return (await within(client.mget([...keys]))) ?? [];
    },
    put(key, text, lifeMs) {
      if (client === undefined || puts >= PUTS_AT_ONCE || !isUp()) return;
      puts += 1;
      void within(client.set(key, text, 'PX', Math.max(1, Math.round(lifeMs)))).finally(() => {
        puts -= 1;
      });
    },
    get isUp() {
      return isUp();
    },
    get failures() {
      return failures;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await connecting.catch(() => undefined);
      client?.disconnect();
    },
  };
}

const LATE = Symbol('late');
