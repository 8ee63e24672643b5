import type { FastifyInstance } from 'fastify';
import { readSwitches } from '../../query.ts';
import type { DeskRouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/performance`: how good the models in use are, and were. */
export function registerPerformance(app: FastifyInstance, { desk }: DeskRouteParts): void {
  const schema = described(
    'Model performance',
    'Scores over their dates beside what became of them, the evaluation of the set in use, its gates and its card. A rate whose outcome is not known yet is null, with the day on which it will be.',
    { answer: 'Performance', errors: [401, 403, 422, 429, 503] },
  );
  app.get('/v1/performance', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    return reply.header('cache-control', 'no-store').send(await desk.performance());
  });
}
