import type { FastifyInstance } from 'fastify';
import { Outbox } from '../outbox.ts';
import { presentAnswer } from '../present.ts';
import { readSwitches } from '../query.ts';
import { described } from '../route-schema.ts';
import { flushRecords, followingReader, recordRows, requireLoaded, scoreRow } from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

/** `POST /predict`: one entity, by its features or by its key alone. */
export function registerPredict(app: FastifyInstance, parts: RouteParts): void {
  const { service, shadow, clock } = parts;
  const reader = followingReader(service);
  const outbox = new Outbox(() => {
    flushRecords(parts);
  });
  const schema = described(
    'Score one entity',
    'All features, or the key alone: then the features of the newest snapshot are looked up.',
    {
      body: 'PredictRequest',
      answer: 'Prediction',
      switches: {
        explain: 'add the contributions of all features, in log-odds',
        reasons: 'give reasons in plain words; true unless said otherwise',
      },
      errors: [400, 401, 403, 404, 408, 413, 415, 422, 429, 503],
    },
  );
  app.post('/predict', { schema }, (request, reply) => {
    requireLoaded(service);
    const options = readSwitches(request.query, { explain: false, reasons: true });
    const row = reader()(request.body);
    const answer = (): void => {
      const scored = scoreRow(service, row, options);
      const answeredAt = clock.now();
      recordRows(parts, request.id, answeredAt, [scored]);
      reply.header('cache-control', 'no-store').header('x-model-set', String(scored.answer.modelSet));
      const body = presentAnswer(scored.answer, {
        idField: service.idField,
        requestId: request.id,
        answeredAt,
        latencyMs: performance.now() - request.startedAt,
      });
      outbox.send(() => {
        void reply.send(body);
        shadow?.offer(request.id, answeredAt, [scored]);
      });
    };
    // Nothing waits where no answers are shared with other servers.
    if (service.recall === undefined) {
      answer();
      return;
    }
    service
      .recall([row], options)
      .then(answer)
      .catch((error: unknown) => {
        void reply.send(error);
      });
  });
}
