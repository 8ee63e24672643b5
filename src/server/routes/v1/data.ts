import type { FastifyInstance } from 'fastify';
import { readSwitches } from '../../query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/data`: what was delivered, and whether it is fit to be scored. */
export function registerData(app: FastifyInstance, { desk }: DeskRouteParts): void {
  const schema = described(
    'State of the data',
    'Deliveries, tables, the newest results of the rules about the data, and missing values beside those of training.',
    { answer: 'DataHealth', errors: [401, 403, 422, 429, 503] },
  );
  app.get('/v1/data', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    return reply.header('cache-control', 'no-store').send(await desk.data());
  });
}
