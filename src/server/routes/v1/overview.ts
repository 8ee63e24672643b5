import type { FastifyInstance } from 'fastify';
import type { Desk } from '../../../workflow/index.ts';
import { readSwitches } from '../../query.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/overview`: what is at risk, and what is done about it. */
export function registerOverview(app: FastifyInstance, { desk }: { readonly desk: Desk }): void {
  const schema = described(
    'Overview',
    'What is at risk by the newest scores, beside the score date before, and the work of the teams. Each count is that of the rows which GET /v1/customers gives for the same tab, tier, owner or range of probability.',
    { answer: 'Overview', errors: [401, 403, 422, 429, 503] },
  );
  app.get('/v1/overview', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    return reply.header('cache-control', 'no-store').send(await desk.overview());
  });
}
