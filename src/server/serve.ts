/** A server from its first request to its last. */
import { setTimeout } from 'node:timers/promises';
import { HoldfastError } from '../kernel/index.ts';
import { buildServer } from './app.ts';
import type { Reloader } from './reloader.ts';
import type { ServerParts } from './settings.ts';

export interface ServeOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Ends the server when it is aborted. */
  readonly signal: AbortSignal;
  /** Between saying that it is not ready and closing the door. */
  readonly drainSeconds: number;
  /** How often it looks for other models and newer features. */
  readonly reloadSeconds: number;
  /** Calls what it is given whenever somebody asks for a reload from outside; gives back what ends that. */
  readonly onReloadAsked?: (ask: () => void) => () => void;
  /** Called when requests are answered, with the address. */
  readonly onListening: (address: string) => void;
}

/** How often the file of keys is looked at. */
const KEYS_EVERY_MS = 2000;
/** What comes on connections that are open is answered for so long, and told that they will be closed. */
const LATE_REQUESTS_MS = 1000;
/** Requests under way are given up so long after the door was closed: everything is over within 30 seconds. */
const FINISH_MS = 20_000;

/**
 * Answers until the signal: then it says that it is not ready, closes the door, and ends when the requests under way
 * are answered.
 *
 * @throws HF103 where the address cannot be listened on, or is open to others while there are no keys.
 */
export async function serve(parts: ServerParts, options: ServeOptions): Promise<void> {
  const { service, keys, log } = parts;
  requireKeysOutside(options.host, keys.isOpen);
  await using server = await buildServer(parts);
  const address = await listen(server.app, options);
  log.info({ address, open: keys.isOpen }, 'listening');
  options.onListening(address);
  tellOfChallenger(server.reloader, service, log);
  // The first row as it would be delivered shall not wait for the pack's SQL to be looked at.
  service.raw?.contract().catch(() => undefined);
  const stopKeys = repeat(KEYS_EVERY_MS, () => keys.refresh(), log);
  const stopReload = repeat(
    options.reloadSeconds * 1000,
    async () => {
      await server.reloader.reload('clock');
    },
    log,
  );
  const stopAsking = options.onReloadAsked?.(() => {
    server.reloader.reload('signal').catch((error: unknown) => {
      log.error({ err: error }, 'a reload failed');
    });
  });
  await aborted(options.signal);
  server.drain();
  log.info({ drain_seconds: options.drainSeconds }, 'stopping');
  stopKeys();
  stopReload();
  stopAsking?.();
  await setTimeout(options.drainSeconds * 1000);
  await server.closeDoor();
  await setTimeout(LATE_REQUESTS_MS);
  const deadline = globalThis.setTimeout(() => {
    log.warn({}, 'requests under way were given up');
    server.app.server.closeAllConnections();
  }, FINISH_MS);
  await server.app.close();
  clearTimeout(deadline);
  log.info({}, 'stopped');
}

/** Says in the log who challenges, once it is loaded; the reloader says why nobody does. */
function tellOfChallenger(
  reloader: Reloader,
  service: ServerParts['service'],
  log: ServerParts['log'],
): void {
  if (service.challenger === undefined) return;
  // It is being loaded already: what is asked for now comes after that.
  reloader.reload('clock').then(
    () => {
      const { set = null, isShadow, splitPercent } = service.challenger ?? {};
      if (set === null) return;
      const facts = { challenger: set.id, shadow: isShadow, split: splitPercent };
      log.info(facts, 'a challenger stands beside the champion');
    },
    (error: unknown) => {
      log.error({ err: error }, 'a reload failed');
    },
  );
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

function requireKeysOutside(host: string, isOpen: boolean): void {
  if (!isOpen || LOOPBACK.test(host)) return;
  throw new HoldfastError('HF103', {
    message: `a server without keys listens on this machine alone, not on ${host}`,
    hint: 'make a key with holdfast keys create --role service, or listen on 127.0.0.1',
    place: { field: 'serve.host' },
  });
}

async function listen(
  app: Awaited<ReturnType<typeof buildServer>>['app'],
  { host, port }: ServeOptions,
): Promise<string> {
  try {
    return await app.listen({ host, port, backlog: 1024 });
  } catch (cause) {
    throw new HoldfastError('HF103', {
      message: `the address ${host}:${String(port)} cannot be listened on: ${whyOf(cause)}`,
      hint: 'choose another one with --port or --host, or stop what listens there',
      place: { field: 'serve.port' },
      cause,
    });
  }
}

function whyOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'EADDRINUSE') return 'something listens there already';
  if (code === 'EACCES') return 'this user may not';
  return code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' ? 'this machine does not have it' : code;
}

/** Does something again and again, one after the other; a failure is logged. */
function repeat(everyMs: number, work: () => Promise<void>, log: ServerParts['log']): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    work()
      .catch((error: unknown) => {
        log.warn({ err: error }, 'what is done again and again failed');
      })
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  return () => {
    clearInterval(timer);
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
}
