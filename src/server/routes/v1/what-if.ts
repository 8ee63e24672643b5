import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CustomersQuery } from '../../../desk/index.ts';
import { actorOf, noteLook } from '../../actor.ts';
import { readCustomersQuery } from '../../customers-query.ts';
import { misfit } from '../../error-shape.ts';
import { requireId } from '../../feature-schema.ts';
import { requirePermission } from '../../permissions.ts';
import { readSwitches } from '../../query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';
import { refusalOf, requireLoaded } from '../../scoring.ts';
import { CUSTOMERS_PARAMETERS } from '../../v1-schemas.ts';
import { featuresReader } from '../../what-if-body.ts';

/** `POST /v1/what-if`: what the models say of features that somebody thought up; nothing is recorded. */
export function registerWhatIf(app: FastifyInstance, { desk, service }: DeskRouteParts): void {
  const reader = featuresReader(service);
  const schema = described(
    'What if',
    'All features, as somebody thought them up, with the contributions of each: what the models would say of them, which is not what a change would bring about. Nothing is recorded.',
    {
      body: 'WhatIfRequest',
      answer: 'WhatIf',
      errors: [400, 401, 403, 408, 413, 415, 422, 429, 503],
    },
  );
  app.post('/v1/what-if', { schema }, (request, reply) => {
    requireLoaded(service);
    readSwitches(request.query, {});
    const features = reader()(request.body);
    try {
      const answer = desk.whatIf(features);
      void reply.header('cache-control', 'no-store').send(answer);
    } catch (error) {
      throw refusalOf(error, 'features.');
    }
  });
}

/** `GET /v1/what-if/start`: a row to begin with, by its id, or a random one that cannot be traced. */
export function registerWhatIfStart(app: FastifyInstance, { desk, ...parts }: DeskRouteParts): void {
  const schema = described(
    'Where a what if begins',
    'The features of an entity by its id, for those who may see single customers; without one those of a random row, which is not named.',
    {
      answer: 'WhatIfStart',
      query: { id: { type: 'string', description: 'key of the entity' }, ...CUSTOMERS_PARAMETERS },
      errors: [401, 403, 404, 422, 429, 503],
    },
  );
  app.get('/v1/what-if/start', { schema }, async (request, reply) => {
    const from = startIn(request);
    const start = await desk.whatIfStart(from, actorOf(request));
    if (start.id !== null) await noteLook(parts, request, { what: 'what_if', entityId: start.id });
    return reply.header('cache-control', 'no-store').send(start);
  });
}

/** An id, or the filters that one is drawn from. */
function startIn(request: FastifyRequest): { readonly id: string } | CustomersQuery {
  const { id: given, ...filters } = request.query as Readonly<Record<string, unknown>>;
  if (given === undefined) {
    const query = readCustomersQuery(filters);
    // Filters that pick one out would name the row that is not named.
    if (TRACING.some((name) => query[name] !== undefined)) requireCustomers(request);
    return query;
  }
  readSwitches(filters, {});
  requireCustomers(request);
  if (typeof given !== 'string') throw misfit('id', 'expected one id', 'write ?id= once');
  return { id: requireId(given, 'id') };
}

/** What names people, so that the one that is drawn is known. */
const TRACING = ['search', 'assignee', 'outcome'] as const;

/** HF613 for those who may not see single entities. */
function requireCustomers({ caller }: FastifyRequest): void {
  if (caller !== null) requirePermission(caller.role, 'customers.read');
}
