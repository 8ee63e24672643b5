import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CustomersQuery } from '../../../desk/index.ts';
import { HoldfastError } from '../../../kernel/index.ts';
import { actorOf, noteLook } from '../../actor.ts';
import { CUSTOMERS_PARAMETERS, readCustomersQuery } from '../../customers-query.ts';
import { misfit } from '../../error-shape.ts';
import { requireId } from '../../feature-schema.ts';
import { hasPermission, requirePermission } from '../../permissions.ts';
import { readSwitches } from '../../query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';
import { refusalOf, requireLoaded } from '../../scoring.ts';
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
    'The features of an entity by its id, for those who may see single customers; without one those of a random row, which is not named. Who may not see single customers draws it of tiers and segments alone, of at least 20 rows.',
    {
      answer: 'WhatIfStart',
      query: { id: { type: 'string', description: 'key of the entity' }, ...DRAWING_PARAMETERS },
      errors: [401, 403, 404, 422, 429, 503],
    },
  );
  app.get('/v1/what-if/start', { schema }, async (request, reply) => {
    const from = startIn(request);
    const actor = actorOf(request);
    if (!('id' in from) && !maySeeCustomers(request)) {
      const { total } = await desk.customers({ ...from, limit: 1 }, actor);
      if (total < ROWS_AT_LEAST) throw tooFew();
    }
    const start = await desk.whatIfStart(from, actor);
    if (start.id !== null) await noteLook(parts, request, { what: 'what_if', entityId: start.id });
    return reply.header('cache-control', 'no-store').send(start);
  });
}

/** What names people, so that the one that is drawn is known: nobody draws by it. */
const TRACING = ['search', 'assignee', 'outcome'] as const;
const DRAWING_PARAMETERS = Object.fromEntries(
  Object.entries(CUSTOMERS_PARAMETERS).filter(([name]) => !TRACING.some((one) => one === name)),
);
/** What those draw by who may not see single entities. */
const COARSE: ReadonlySet<string> = new Set(['tab', 'tier', 'segments']);
/** Of fewer rows somebody may know whose the one is that is drawn. */
const ROWS_AT_LEAST = 20;

/** An id, or the filters that one is drawn from. */
function startIn(request: FastifyRequest): { readonly id: string } | CustomersQuery {
  const { id: given, ...filters } = request.query as Readonly<Record<string, unknown>>;
  if (given === undefined) return drawnFrom(filters, request);
  readSwitches(filters, {});
  requireCustomers(request);
  if (typeof given !== 'string') throw misfit('id', 'expected one id', 'write ?id= once');
  return { id: requireId(given, 'id') };
}

function drawnFrom(filters: Readonly<Record<string, unknown>>, request: FastifyRequest): CustomersQuery {
  const query = readCustomersQuery(filters);
  const tracing = TRACING.find((name) => query[name] !== undefined);
  if (tracing !== undefined)
    throw misfit(tracing, 'nobody is drawn by what names people', 'leave it out, or give the id');
  if (maySeeCustomers(request)) return { tab: 'all', ...query };
  // Work says who it is about, whatever the tab is called.
  if (Object.keys(query).some((name) => !COARSE.has(name)) || (query.tab ?? 'all') !== 'all')
    requireCustomers(request);
  return { ...query, tab: 'all' };
}

const maySeeCustomers = ({ caller }: FastifyRequest): boolean =>
  caller !== null && hasPermission(caller.role, 'customers.read');

/** HF613 for those who may not see single entities. */
function requireCustomers({ caller }: FastifyRequest): void {
  if (caller !== null) requirePermission(caller.role, 'customers.read');
}

const tooFew = (): HoldfastError =>
  new HoldfastError('HF603', {
    message: `the filters leave fewer than ${String(ROWS_AT_LEAST)} rows to draw from`,
    hint: 'reset a filter, or begin with the usual values',
  });
