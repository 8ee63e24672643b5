import type { FastifyInstance } from 'fastify';
import { NextRequest, WorkRequest } from '../../../desk/index.ts';
import type { Desk } from '../../../workflow/index.ts';
import { actorOf } from '../../actor.ts';
import { CUSTOMERS_PARAMETERS, readCustomersQuery } from '../../customers-query.ts';
import { readBody } from '../../json-body.ts';
import { readSwitches } from '../../query.ts';
import type { RouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

const ERRORS = [400, 401, 403, 408, 413, 415, 422, 429, 503];

/** `POST /v1/customers/:id/work` and `POST /v1/work/next`: what people do about entities. */
export function registerWork(app: FastifyInstance, { desk }: RouteParts & { readonly desk: Desk }): void {
  const schema = described(
    'Record work',
    'What somebody does about an entity: take it, give it to somebody, put it off, leave it out, take it up again, or say what a contact came to. It is safe when it is answered. What is somebody else’s is refused with 409, unless the role may lead; what was nobody’s becomes that of whoever acts.',
    {
      body: 'WorkRequest',
      answer: 'Work',
      path: { id: 'key of the entity' },
      errors: [...ERRORS, 404, 409],
    },
  );
  app.post<{ Params: { readonly id: string } }>(
    '/v1/customers/:id/work',
    { schema },
    async (request, reply) => {
      readSwitches(request.query, {});
      const asked = readBody(WorkRequest, request.body);
      const work = await desk.work(request.params.id, asked, actorOf(request));
      return reply.header('cache-control', 'no-store').send(work);
    },
  );

  const ofNext = described(
    'Take next',
    'Gives whoever asks the most urgent row that is due, nobody’s, and left by the filters; null where there is none. Of several who ask at once no two get the same. Filters stand in the address, as in that of GET /v1/customers, or in the body, which goes first; tab and assignee mean nothing here.',
    { body: 'NextRequest', answer: 'NextRow', query: CUSTOMERS_PARAMETERS, errors: ERRORS },
  );
  app.post('/v1/work/next', { schema: ofNext }, async (request, reply) => {
    const filters = { ...readCustomersQuery(request.query), ...readBody(NextRequest, request.body ?? {}) };
    const row = await desk.next(filters, actorOf(request));
    return (
      reply
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        // A null would be sent as nothing.
        .send(JSON.stringify(row))
    );
  });
}
