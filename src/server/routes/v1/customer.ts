import type { FastifyInstance } from 'fastify';
import { actorOf, noteLook } from '../../actor.ts';
import { requireId } from '../../feature-schema.ts';
import { readSwitches } from '../../query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/customers/:id`: everything that is known about one entity. */
export function registerCustomer(app: FastifyInstance, { desk, ...parts }: DeskRouteParts): void {
  const schema = described(
    'One customer',
    'Scores with their history, reasons, features, contributions, what happened before, and what people did about it.',
    {
      answer: 'Customer',
      path: { id: 'key of the entity' },
      errors: [401, 403, 404, 422, 429, 503],
    },
  );
  app.get<{ Params: { id: string } }>('/v1/customers/:id', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    const id = requireId(request.params.id, 'id');
    const page = await desk.customer(id, actorOf(request));
    await noteLook(parts, request, { what: 'customer', entityId: id });
    return reply.header('cache-control', 'no-store').send(page);
  });
}
