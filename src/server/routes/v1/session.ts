import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Session, SignIn } from '../../../desk/index.ts';
import { HoldfastError } from '../../../kernel/index.ts';
import { callerOf, refuseOtherPages } from '../../identify.ts';
import { readBody } from '../../json-body.ts';
import type { Caller } from '../../key-ring.ts';
import { ROLE_PERMISSIONS } from '../../permissions.ts';
import { readSwitches } from '../../query.ts';
import type { RouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';
import type { Sessions } from '../../session.ts';
import { openSignIns } from '../../sign-ins.ts';

const NOBODY: Session = {
  is_open: false,
  is_signed_in: false,
  id: null,
  name: null,
  role: null,
  permissions: [],
};

/** `/v1/session`: who I am, signing in with a key, and signing out. */
export function registerSession(
  app: FastifyInstance,
  parts: RouteParts & { readonly sessions: Sessions },
): void {
  const { keys, sessions, log, clock } = parts;
  const signIns = openSignIns(clock);
  const sessionOf = ({ id, name, role }: Caller): Session => ({
    is_open: keys.isOpen,
    is_signed_in: true,
    id,
    name,
    role,
    permissions: [...ROLE_PERMISSIONS[role]].sort(),
  });

  app.get(
    '/v1/session',
    {
      schema: described(
        'Read session',
        'Who asks, by the cookie of a session or by a key, and what they may do. Where nobody is signed in, or the session has ended, the answer says so.',
        { answer: 'Session', errors: [422, 429] },
      ),
    },
    (request, reply) => {
      readSwitches(request.query, {});
      return answer(reply, callerOrNull(request, parts), sessionOf, keys.isOpen);
    },
  );

  app.post(
    '/v1/session',
    {
      schema: described(
        'Sign in',
        'Takes a key and answers with the cookie of a session, which lasts 12 hours at most and ends with its key. What a session may do is what the role of its key may do.',
        {
          body: 'SignIn',
          answer: 'Session',
          errors: [400, 401, 403, 408, 413, 415, 422, 429],
        },
      ),
    },
    (request, reply) => {
      readSwitches(request.query, {});
      refuseOtherPages(request);
      signIns.admit(request.ip);
      const caller = signIn(request);
      reply.header('set-cookie', sessions.begin(caller, isOverHttps(request)));
      log.info({ request_id: request.id, key: caller.id }, 'signed in');
      return answer(reply, caller, sessionOf, keys.isOpen);
    },
  );

  app.delete(
    '/v1/session',
    {
      schema: described('Sign out', 'Clears the cookie of the session.', {
        answer: 'Session',
        errors: [403, 422, 429],
      }),
    },
    (request, reply) => {
      readSwitches(request.query, {});
      refuseOtherPages(request);
      reply.header('set-cookie', sessions.end(isOverHttps(request)));
      return answer(reply, null, sessionOf, keys.isOpen);
    },
  );

  function signIn(request: FastifyRequest): Caller {
    try {
      return keys.caller(readBody(SignIn, request.body).key.trim());
    } catch (error) {
      if (error instanceof HoldfastError && error.code === 'HF612') {
        signIns.failed(request.ip);
        log.warn({ request_id: request.id, address: request.ip, reason: error.message }, 'a sign-in failed');
      }
      throw error;
    }
  }
}

function answer(
  reply: FastifyReply,
  caller: Caller | null,
  sessionOf: (caller: Caller) => Session,
  isOpen: boolean,
): FastifyReply {
  const session = caller === null ? { ...NOBODY, is_open: isOpen } : sessionOf(caller);
  return reply.header('cache-control', 'no-store').send(session);
}

/** Null where it is not known who asks: that is an answer here, and no error. */
function callerOrNull(request: FastifyRequest, parts: RouteParts): Caller | null {
  try {
    return callerOf(request, parts);
  } catch (error) {
    if (error instanceof HoldfastError) return null;
    throw error;
  }
}

/** What a proxy says counts as well: a wrong word keeps a cookie away, and gives none to anybody. */
function isOverHttps({ protocol, headers }: FastifyRequest): boolean {
  const forwarded = headers['x-forwarded-proto'];
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
  return protocol === 'https' || first?.toLowerCase() === 'https';
}
