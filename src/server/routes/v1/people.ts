import type { FastifyInstance } from 'fastify';
import type { People } from '../../../desk/index.ts';
import { allWorkers } from '../../actor.ts';
import { readSwitches } from '../../query.ts';
import type { RouteParts } from '../../route-parts.ts';
import { described } from '../../route-schema.ts';

/** `GET /v1/people`: who may be given work. */
export function registerPeople(app: FastifyInstance, { keys }: RouteParts): void {
  const schema = described(
    'People',
    'Who may be given work, by name: holders of valid keys whose role may record work. The id of one is what `to` of an assignment names.',
    { answer: 'People', errors: [401, 403, 422, 429] },
  );
  app.get('/v1/people', { schema }, (request, reply) => {
    readSwitches(request.query, {});
    const people: People = { people: allWorkers(keys) };
    return reply.header('cache-control', 'no-store').send(people);
  });
}
