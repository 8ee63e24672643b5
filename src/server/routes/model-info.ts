import type { FastifyInstance } from 'fastify';
import { presentSet } from '../present.ts';
import { described } from '../route-schema.ts';
import { requireLoaded } from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

/** `GET /model/info`: versions, load times and thresholds of the set that answers. */
export function registerModelInfo(app: FastifyInstance, { service }: RouteParts): void {
  const schema = described('Models', 'Versions, load times and thresholds of the model set that answers.', {
    errors: [401, 403, 429, 503],
  });
  app.get('/model/info', { schema }, () => {
    requireLoaded(service);
    return service.set === null ? {} : presentSet(service.set);
  });
}
