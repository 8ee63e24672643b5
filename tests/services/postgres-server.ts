import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { freePort, type OwnServer, ownServer } from './own-server.ts';

const VERSIONS = '/usr/lib/postgresql';
const BIN = existsSync(VERSIONS)
  ? readdirSync(VERSIONS)
      .map((version) => path.join(VERSIONS, version, 'bin'))
      .find((folder) => existsSync(path.join(folder, 'initdb')))
  : undefined;

/** Whether `npm run test:services` has installed PostgreSQL here. */
export const hasPostgres: boolean = BIN !== undefined;

export interface PostgresServer extends OwnServer {
  readonly url: string;
  query(sql: string): Promise<Record<string, unknown>[]>;
}

/** Makes a database of its own with a password, starts its server and waits until it answers. */
export async function openPostgresServer(): Promise<PostgresServer> {
  if (BIN === undefined) throw new Error('PostgreSQL is not installed');
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-postgres-'));
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const data = path.join(folder, 'data');
  const made = spawnSync(
    path.join(BIN, 'initdb'),
    ['-D', data, '-U', 'churn', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { encoding: 'utf8', cwd: folder, ...user },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = `postgresql://churn:hush@127.0.0.1:${String(port)}/postgres`;
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const server = ownServer({
    command: path.join(BIN, 'postgres'),
    words: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder, '-F'],
    user,
    isReady: async () => (await query('SELECT 1 AS one')).length === 1,
  });
  await server.start();
  return {
    ...server,
    url,
    query,
    // Open connections do not keep it.
    stop: (signal = 'SIGINT') => server.stop(signal),
    async [Symbol.asyncDispose]() {
      // On SIGKILL its processes of connections would outlive it for a moment.
      await server.stop('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
function postgresUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
