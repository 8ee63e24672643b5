import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../../../workflow/index.ts';
import { actorOf, noteLook } from '../../actor.ts';
import { CUSTOMERS_PARAMETERS, readCustomersQuery } from '../../customers-query.ts';
import type { RouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/customers.csv`: all rows of the queue that the filters leave. */
export function registerCustomersExport(
  app: FastifyInstance,
  { desk, ...parts }: RouteParts & { readonly desk: Desk },
): void {
  const schema = described(
    'File of customers',
    'All rows that the filters leave, however many, as a CSV file in which no cell starts a formula. `X-Total-Rows` says how many they are.',
    { answerType: 'text/csv', query: CUSTOMERS_PARAMETERS, errors: [401, 403, 422, 429, 503] },
  );
  app.get('/v1/customers.csv', { schema }, async (request, reply) => {
    const query = readCustomersQuery(request.query);
    const { total, name, lines } = await desk.exportCustomers(query, actorOf(request));
    try {
      await noteLook(parts, request, { what: 'export', rows: total, filter: query });
    } catch (error) {
      await lines.return();
      throw error;
    }
    return reply
      .header('cache-control', 'no-store')
      .header('x-total-rows', String(total))
      .header('content-disposition', `attachment; filename="${name}"`)
      .type('text/csv; charset=utf-8')
      .send(Readable.from(lines));
  });
}
