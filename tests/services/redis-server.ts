import { Redis } from 'iovalkey';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, type OwnServer, ownServer } from './own-server.ts';

const PROGRAM = 'redis-server';

/** Whether `npm run test:services` has installed Redis here. */
export const hasRedis: boolean = spawnSync(PROGRAM, ['--version']).status === 0;

export interface RedisServer extends OwnServer {
  readonly url: string;
  /** All keys with their values. */
  content(): Promise<Map<string, string>>;
  /** Milliseconds that a key has left. */
  lifeOf(key: string): Promise<number>;
}

/** Starts a server that keeps nothing on disk, with a password, and waits until it answers. */
export async function openRedisServer(): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  const url = `redis://:pass%3Aword@127.0.0.1:${String(port)}/1`;
  const ask = async <T>(use: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await use(client);
    } finally {
      client.disconnect();
    }
  };
  const server = ownServer({
    command: PROGRAM,
    words: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--appendonly', 'no', '--requirepass', 'pass:word'],
    ],
    isReady: async () => (await ask((client) => client.dbsize())) >= 0,
  });
  await server.start();
  return {
    ...server,
    url,
    content: () =>
      ask(async (client) => {
        const keys = await client.keys('*');
        const values = keys.length === 0 ? [] : await client.mget(keys);
        return new Map(keys.map((key, index) => [key, values[index] ?? '']));
      }),
    lifeOf: (key) => ask((client) => client.pttl(key)),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
