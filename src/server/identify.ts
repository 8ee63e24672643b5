/** Who asks, and whether they may. */
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '../kernel/index.ts';
import type { KeyRing } from './key-ring.ts';
import { type Permission, requirePermission } from './permissions.ts';

/** Names by which a machine reaches itself. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Notes who asks on the request.
 *
 * @throws HF612 without a valid key, HF613 where its role does not have the right.
 */
export function identify(request: FastifyRequest, keys: KeyRing, permission: Permission): void {
  if (permission === 'public') return;
  if (keys.isOpen) requireLoopbackName(request);
  request.caller = keys.caller(keyOf(request));
  requirePermission(request.caller.role, permission);
}

/** The key in `X-API-Key`, or the bearer token that scrapers send. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key;
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/**
 * HF613 where an open server is asked by another name than its own: a web page can point a name of its own at this
 * machine, and would then read the answers.
 */
function requireLoopbackName({ headers }: FastifyRequest): void {
  // Browsers say so of what a page of another site sends, which may need no answer to do harm.
  const isForeign = headers['sec-fetch-site'] === 'cross-site';
  if (!isForeign && LOOPBACK.test(headers.host ?? '')) return;
  throw new HoldfastError('HF613', {
    message: 'a server without keys answers to localhost alone',
    hint: 'ask http://localhost, or make keys with holdfast keys create',
  });
}
