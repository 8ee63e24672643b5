import type { FastifyInstance } from 'fastify';
import { presentSet } from '../present.ts';
import { presentChallenger } from '../present-challenger.ts';
import { described } from '../route-schema.ts';
import { requireLoaded } from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

/** `GET /model/info`: versions, load times and thresholds of the set that answers. */
export function registerModelInfo(app: FastifyInstance, { service }: RouteParts): void {
  const schema = described('Models', 'Versions, load times and thresholds of the model set that answers.', {
    answer: 'ModelInfo',
    errors: [401, 403, 429, 503],
  });
  app.get('/model/info', { schema }, () => {
    requireLoaded(service);
    const { set, challenger } = service;
    return {
      ...(set === null ? {} : presentSet(set)),
      ...(challenger === undefined ? {} : { challenger: presentChallenger(challenger) }),
    };
  });
}
