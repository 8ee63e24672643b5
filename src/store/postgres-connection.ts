/** One connection to PostgreSQL, made at the first use and anew whenever it is lost. */
import { Socket } from 'node:net';
import type { Client } from 'pg';

const CONNECT_MS = 5000;
const QUERY_MS = 5000;

export interface PostgresConnection extends Disposable {
  /** The open connection; throws what the driver says where there is none to be had within seconds. */
  client(): Promise<Client>;
  /** Ends it at once, also where the server says nothing; the next use makes another. */
  readonly close: () => void;
}

/** `url` has user and password; `prepare` is called with each new connection. */
export function openPostgresConnection(
  url: string,
  prepare: (client: Client) => Promise<void>,
): PostgresConnection {
  let client: Client | undefined;
  let socket: Socket | undefined;
  const close = (): void => {
    socket?.destroy();
    socket = undefined;
    client = undefined;
  };
  return {
    async client() {
      if (client !== undefined) return client;
      const { Client } = await import('pg');
      const own = new Socket();
      socket = own;
      const next = new Client({
        connectionString: url,
        fallback_application_name: 'holdfast',
        connectionTimeoutMillis: CONNECT_MS,
        query_timeout: QUERY_MS,
        keepAlive: true,
        // Kept, so that a server that says nothing can be left.
        stream: () => own,
      });
      const lost = (): void => {
        if (socket === own) close();
      };
      next.on('error', lost).on('end', lost);
      try {
        await next.connect();
        await prepare(next);
      } catch (error) {
        own.destroy();
        throw error;
      }
      client = next;
      return next;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Classes 22 and 23: what a value holds, or breaks. All else can be better at the next try. */
export const isOfValues = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);
