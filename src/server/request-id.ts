import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** An id of a client is taken over where it can neither break a log line nor fill one. */
export const USABLE_REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;

/** The id of a request: the client's `X-Request-Id`, or a new UUID. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && USABLE_REQUEST_ID.test(given) ? given : randomUUID();
}
