import type { FastifyInstance } from 'fastify';
import { VERSION } from '../../kernel/index.ts';
import { described } from '../route-schema.ts';
import type { RouteParts } from '../route-parts.ts';

/** `GET /health`: the process lives. It says nothing of whether it can answer: that is `GET /ready`. */
export function registerHealth(app: FastifyInstance, { service, clock }: RouteParts): void {
  const startedAt = clock.now().getTime();
  const schema = described('Liveness', 'The process lives.', { answer: 'Health' });
  app.get('/health', { schema, config: { rateLimit: false } }, () => ({
    status: 'healthy',
    model_loaded: service.set !== null,
    uptime_seconds: Math.round((clock.now().getTime() - startedAt) / 1000),
    version: VERSION,
  }));
}
