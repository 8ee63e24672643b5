/**
 * Sessions of people in a browser: a cookie that names a key and says until when. It is signed, and kept nowhere: it
 * holds after a restart and for all servers of a state folder. The key is looked at with each request, so that a
 * session ends with its key.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../kernel/index.ts';
import type { Caller } from './key-ring.ts';

export interface Sessions {
  /** A cookie for whoever has shown a key. `isSecure`: the browser sends it over HTTPS alone. */
  begin(caller: Caller, isSecure: boolean): string;
  /** A cookie that takes the place of the other and ends at once. */
  end(isSecure: boolean): string;
  /** Id of the key in a request's cookie; undefined where it has none, or one that is forged or has ended. */
  keyId(headers: IncomingHttpHeaders): string | undefined;
}

const NAME = 'holdfast_session';
const LONGEST_MS = 12 * 3600 * 1000;
/** What the key signs, so that it can sign other things as well one day. */
const CONTEXT = 'holdfast session 1 ';
const COOKIE = new RegExp(`(?:^|;) *${NAME}=([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]{43})(?= *(?:;|$))`);

interface Payload {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Sessions that are signed with this key. */
export function openSessions(key: Buffer, clock: Clock): Sessions {
  const sign = (payload: string): Buffer => createHmac('sha256', key).update(`${CONTEXT}${payload}`).digest();
  const cookie = (value: string, seconds: number, isSecure: boolean): string =>
    `${NAME}=${value}; Path=/; Max-Age=${String(seconds)}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    begin({ id, expiresAt }, isSecure) {
      const now = clock.now().getTime();
      const until = Math.min(now + LONGEST_MS, expiresAt === null ? Infinity : Date.parse(expiresAt));
      const payload = Buffer.from(JSON.stringify({ key: id, until } satisfies Payload)).toString('base64url');
      const seconds = Math.max(0, Math.floor((until - now) / 1000));
      return cookie(`${payload}.${sign(payload).toString('base64url')}`, seconds, isSecure);
    },
    end: (isSecure) => cookie('', 0, isSecure),
    keyId({ cookie: text = '' }) {
      const [, payload = '', signature = ''] = COOKIE.exec(text) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const right = sign(payload);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const { key: id, until } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Payload;
      return clock.now().getTime() < until ? id : undefined;
    },
  };
}

/** Whether a request has the cookie of a session, a valid one or not. */
export const hasSession = ({ cookie = '' }: IncomingHttpHeaders): boolean => cookie.includes(`${NAME}=`);
