import type { FastifyInstance } from 'fastify';
import { described } from '../route-schema.ts';
import type { RouteParts } from '../route-parts.ts';

/** `GET /metrics` in the text format of Prometheus. */
export function registerMetrics(app: FastifyInstance, { metrics }: RouteParts): void {
  const schema = described('Metrics', 'Counts and times in the text format of Prometheus.', {
    answerType: 'text/plain',
    errors: [401, 403],
  });
  app.get('/metrics', { schema, config: { rateLimit: false } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
