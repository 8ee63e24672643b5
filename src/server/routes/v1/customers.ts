import type { FastifyInstance } from 'fastify';
import { actorOf, noteLook } from '../../actor.ts';
import { PAGE_PARAMETERS, readCustomersQuery } from '../../customers-query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/customers`: a page of the queue; who looked is written down before it leaves. */
export function registerCustomers(app: FastifyInstance, { desk, ...parts }: DeskRouteParts): void {
  const schema = described(
    'Queue of customers',
    'A page of those that the filters leave, with the total of all pages. Rows with the same value are in the order of their ids, so that pages do not overlap.',
    {
      answer: 'Customers',
      query: PAGE_PARAMETERS,
      errors: [401, 403, 422, 429, 503],
    },
  );
  app.get('/v1/customers', { schema }, async (request, reply) => {
    const query = readCustomersQuery(request.query, { hasPages: true });
    const page = await desk.customers(query, actorOf(request));
    await noteLook(parts, request, { what: 'list', rows: page.rows.length, filter: query });
    return reply.header('cache-control', 'no-store').send(page);
  });
}
