/** A server for a test, with what it logged and recorded, on a port of its own where it listens. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Clock, systemClock } from '../../src/kernel/index.ts';
import {
  buildServer,
  openKeyRing,
  type KeyRing,
  type PredictionEntry,
  type PredictionRecorder,
  type Server,
  type ServerParts,
  type ServerSettings,
} from '../../src/server/index.ts';
import { type KeyStore, openKeyStore, openLookLog, type Role } from '../../src/store/index.ts';
import { openOutcomeTaker, type ScoringService } from '../../src/workflow/index.ts';

export const SETTINGS: ServerSettings = {
  maxBatchSize: 1000,
  bodyBytes: 4_000_000,
  rateLimit: 1000,
  allowedOrigins: ['http://churn-dashboard-service:8501', 'http://localhost:8501'],
  headersSeconds: 5,
  requestSeconds: 10,
  idleSeconds: 65,
  maxConnections: 10_000,
  maxDelayMs: 60_000,
  maxWaitingRows: 100_000,
};

export interface Door extends Server {
  readonly keys: KeyRing;
  readonly store: KeyStore;
  readonly logged: { readonly facts: object; readonly message: string }[];
  readonly recorded: PredictionEntry[];
  /** State folder of the server. */
  readonly folder: string;
  /** Makes a key of a role that the server knows at once. */
  key(role: Role, expiresAt?: string | null): Promise<string>;
  /** Listens on a free port of this machine. */
  listen(): Promise<number>;
}

export async function openDoor(
  service: ScoringService,
  settings: Partial<ServerSettings> = {},
  clock: Clock = systemClock,
  /** What the recorder is to do beside noting. */
  recorder: Partial<PredictionRecorder> = {},
  /** What a server of a workspace has beside. */
  more: Pick<ServerParts, 'desk' | 'sessions'> = {},
): Promise<Door> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-door-'));
  const store = openKeyStore(folder, clock);
  const keys = await openKeyRing(store, clock);
  const logged: Door['logged'] = [];
  const recorded: PredictionEntry[] = [];
  const note = (facts: object, message: string): void => {
    logged.push({ facts, message });
  };
  const horizons = service.set?.models.map(({ days }) => days) ?? [];
  const outcomes = await openOutcomeTaker(folder, horizons, clock);
  const looks = openLookLog(folder, clock);
  const server = await buildServer({
    ...more,
    looks,
    service,
    keys,
    settings: { ...SETTINGS, ...settings },
    log: { info: note, warn: note, error: note },
    clock,
    recorder: {
      ...recorder,
      record(entry) {
        recorded.push(entry);
        recorder.record?.(entry);
      },
    },
    outcomes,
  });
  return {
    app: server.app,
    reloader: server.reloader,
    drain: () => {
      server.drain();
    },
    closeDoor: () => server.closeDoor(),
    keys,
    store,
    logged,
    recorded,
    folder,
    async key(role, expiresAt = null) {
      const { key } = await store.create({ role, name: '', expiresAt });
      await keys.refresh();
      return key;
    },
    async listen() {
      await server.app.listen({ host: '127.0.0.1', port: 0 });
      const address = server.app.server.address();
      if (address === null || typeof address === 'string') throw new Error('the server has no port');
      return address.port;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await outcomes[Symbol.asyncDispose]();
      await looks[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A connection that notes what comes back, and when the other end closed it. */
export interface Line extends Disposable {
  readonly socket: Socket;
  readonly received: () => string;
  readonly closed: Promise<void>;
}

export async function openLine(port: number): Promise<Line> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      resolve();
    });
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    socket,
    received: () => text,
    closed,
    [Symbol.dispose]: () => {
      socket.destroy();
    },
  };
}
