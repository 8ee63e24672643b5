import type { FastifyInstance } from 'fastify';
import type { Desk } from '../../../workflow/index.ts';
import { actorOf } from '../../actor.ts';
import { readCustomersQuery } from '../../customers-query.ts';
import { described } from '../../route-schema.ts';
import { CUSTOMERS_PARAMETERS, PAGE_PARAMETERS } from '../../v1-schemas.ts';

/** `GET /v1/customers`: a page of the queue. */
export function registerCustomers(app: FastifyInstance, { desk }: { readonly desk: Desk }): void {
  const schema = described(
    'Queue of customers',
    'A page of those that the filters leave, with the total of all pages. Rows with the same value are in the order of their ids, so that pages do not overlap.',
    {
      answer: 'Customers',
      query: { ...CUSTOMERS_PARAMETERS, ...PAGE_PARAMETERS },
      errors: [401, 403, 422, 429, 503],
    },
  );
  app.get('/v1/customers', { schema }, async (request, reply) => {
    const query = readCustomersQuery(request.query, { hasPages: true });
    return reply.header('cache-control', 'no-store').send(await desk.customers(query, actorOf(request)));
  });
}
