import type { FastifyInstance } from 'fastify';
import type { Desk } from '../../../workflow/index.ts';
import { readSwitches } from '../../query.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/facts`: what does not change between two scorings. */
export function registerFacts(app: FastifyInstance, { desk }: { readonly desk: Desk }): void {
  const schema = described(
    'Facts',
    'Horizons, tiers, teams, segments and features of the pack: what does not change between two scorings.',
    { answer: 'Facts', errors: [401, 403, 422, 429, 503] },
  );
  app.get('/v1/facts', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    return reply.header('cache-control', 'no-store').send(await desk.facts());
  });
}
