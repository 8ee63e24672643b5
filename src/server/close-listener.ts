import { Server } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** Connections that wait to be taken are taken for so long. */
const WAITING_MS = 250;

/**
 * Takes no more connections and keeps those there are. Closing an HTTP server would also close those that it takes for
 * idle, although their request may be on its way.
 */
export async function closeListener(server: Server): Promise<void> {
  let isQuiet = false;
  const onConnection = (): void => {
    isQuiet = false;
  };
  server.on('connection', onConnection);
  // A turn of the loop takes one connection; the system resets those that still wait when the door closes.
  const until = performance.now() + WAITING_MS;
  while (!isQuiet && performance.now() < until) {
    isQuiet = true;
    await setImmediate();
  }
  server.off('connection', onConnection);
  if (server.listening) Server.prototype.close.call(server);
}
