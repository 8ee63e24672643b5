import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../../kernel/index.ts';
import { described } from '../route-schema.ts';
import { requireLoaded } from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

/** `GET /ready`: 200 while models of all horizons are loaded and the server is not stopping. */
export function registerReady(app: FastifyInstance, { service, state }: RouteParts): void {
  const schema = described(
    'Readiness',
    'Models of all horizons are loaded; 503 with the reason otherwise. `lookup` says whether keys can be looked up: loaded, loading or none.',
    { answer: 'Ready', errors: [503] },
  );
  app.get('/ready', { schema, config: { rateLimit: false } }, () => {
    if (state.isDraining) {
      throw new HoldfastError('HF930', { message: 'the server is stopping', hint: 'ask another server' });
    }
    requireLoaded(service);
    const { set, lookup } = service;
    return {
      status: 'ready',
      models_loaded: set?.models.length ?? 0,
      ...(lookup === undefined ? {} : { lookup }),
    };
  });
}
