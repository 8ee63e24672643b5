/** A server with a desk, with sessions and a book of work on a disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import type { Clock } from '../../src/kernel/index.ts';
import { buildServer, openKeyRing, openSessions, workersOf } from '../../src/server/index.ts';
import {
  type KeyStore,
  openKeyStore,
  openLookLog,
  openSessionKey,
  type Role,
} from '../../src/store/index.ts';
import { openWork } from '../../src/workflow/index.ts';
import { SETTINGS } from '../serving/door.ts';
import { formulaService } from '../serving/formula-service.ts';
import { deskOfBook } from './desk-of-book.ts';

export interface WorkDoor extends AsyncDisposable {
  readonly folder: string;
  readonly store: KeyStore;
  readonly logged: unknown[];
  /** Reads the keys as a server does every two seconds. */
  refreshKeys(): Promise<void>;
  key(role: Role, name?: string, expiresAt?: string | null): Promise<string>;
  ask(
    route: string,
    headers?: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<LightMyRequestResponse>;
}

/** `folder`: the state folder of another server, with which it shares keys and sessions. */
export async function openWorkDoor(clock: Clock, folder?: string): Promise<WorkDoor> {
  const state = folder ?? (await mkdtemp(path.join(tmpdir(), 'holdfast-desk-')));
  const store = openKeyStore(state, clock);
  const keys = await openKeyRing(store, clock);
  const logged: unknown[] = [];
  const note = (facts: object, message: string): void => {
    logged.push({ ...facts, message });
  };
  const log = { info: note, warn: note, error: note };
  const work = await openWork({
    stateFolder: state,
    databaseUrl: undefined,
    clock,
    log,
    person: workersOf(keys),
  });
  const looks = openLookLog(state, clock);
  const server = await buildServer({
    service: await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] }),
    keys,
    settings: SETTINGS,
    log,
    clock,
    desk: deskOfBook(work, clock),
    sessions: openSessions(await openSessionKey(state), clock),
    looks,
  });
  return {
    folder: state,
    store,
    logged,
    refreshKeys: () => keys.refresh(),
    async key(role, name = '', expiresAt = null) {
      const { key } = await store.create({ role, name, expiresAt });
      await keys.refresh();
      return key;
    },
    ask(route, headers = {}, body) {
      const [method = '', url = ''] = route.split(' ');
      return server.app.inject({
        method: method as 'GET' | 'POST' | 'DELETE',
        url,
        headers: {
          host: 'desk.example',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
      await looks[Symbol.asyncDispose]();
      if (folder === undefined) await rm(state, { recursive: true, force: true });
    },
  };
}
