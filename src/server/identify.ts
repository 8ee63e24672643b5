/** Who asks, and whether they may. */
import type { FastifyRequest } from 'fastify';
import { HoldfastError } from '../kernel/index.ts';
import type { Caller, KeyRing } from './key-ring.ts';
import { type Permission, requirePermission } from './permissions.ts';
import { hasSession, type Sessions } from './session.ts';

/** Names by which a machine reaches itself. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** What tells who asks. */
export interface Gate {
  readonly keys: KeyRing;
  /** Without them keys alone count. */
  readonly sessions?: Sessions;
}

/**
 * Notes who asks on the request.
 *
 * @throws HF612 without a valid key or session, HF613 where its role does not have the right, or a page of another
 *   site asks.
 */
export function identify(request: FastifyRequest, gate: Gate, permission: Permission): void {
  if (permission === 'public') return;
  request.caller = callerOf(request, gate);
  requirePermission(request.caller.role, permission);
}

/** Who asks. Errors: those of `identify`. */
export function callerOf(request: FastifyRequest, { keys, sessions }: Gate): Caller {
  if (keys.isOpen) requireLoopbackName(request);
  const key = keyOf(request);
  if (keys.isOpen || key !== undefined || sessions === undefined || !hasSession(request.headers))
    return keys.caller(key);
  const id = sessions.keyId(request.headers);
  if (id === undefined)
    throw new HoldfastError('HF612', { message: 'the session has ended', hint: 'sign in again' });
  const caller = keys.holder(id);
  requireOwnPage(request);
  return caller;
}

/** Methods by which nothing changes. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * HF613 for what a page of another site could have sent: the browser adds the cookie of a session by itself. Forms
 * cannot send JSON, and where a page is from says the browser.
 */
function requireOwnPage(request: FastifyRequest): void {
  if (SAFE.has(request.method)) return;
  const isJson = /^application\/json *(;|$)/i.test(request.headers['content-type'] ?? '');
  if (isJson && isOfOwnPage(request)) return;
  throw new HoldfastError('HF613', {
    message: 'a session counts for JSON that its own page sends, and this is something else',
    hint: 'send JSON from the dashboard, or a key in the header X-API-Key',
  });
}

/** Whether the browser says that a page of this server asks; where it says nothing, nobody knows. */
function isOfOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return isOwnOrigin(headers.origin, headers.host);
}

function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && host !== undefined && /^https?:\/\/(.+)$/i.exec(origin)?.[1] === host;
}

/** HF613 where the browser says that a page of another site asks; programs say nothing. */
export function refuseOtherPages({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  const isForeign =
    site === undefined
      ? headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host)
      : site !== 'same-origin' && site !== 'none';
  if (!isForeign) return;
  throw new HoldfastError('HF613', {
    message: 'a page of another site asks',
    hint: 'sign in and out on the pages of this server',
  });
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
