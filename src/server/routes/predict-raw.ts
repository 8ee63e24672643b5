import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../../kernel/index.ts';
import type { RawReader } from '../../workflow/index.ts';
import { misfit } from '../error-shape.ts';
import { Patience } from '../patience.ts';
import { presentAnswer } from '../present.ts';
import { readSwitches } from '../query.ts';
import { readRawRow } from '../raw-row.ts';
import { described } from '../route-schema.ts';
import { flushRecords, recordRows, requireLoaded, scoreRow } from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

/** `POST /predict/raw`: one entity by the row of its source; the pack's own SQL makes the features of it. */
export function registerPredictRaw(app: FastifyInstance, parts: RouteParts): void {
  const { service, settings, shadow, clock } = parts;
  const patience = new Patience(settings.maxDelayMs);
  const schema = described(
    'Score one row as delivered',
    "The row as the pack's source delivers it, by its columns; the pack's SQL makes the features. Only packs whose features are made of one row each have this.",
    {
      body: 'RawRow',
      answer: 'Prediction',
      switches: {
        explain: 'add the contributions of all features, in log-odds',
        reasons: 'give reasons in plain words; true unless said otherwise',
      },
      errors: [400, 401, 403, 404, 408, 413, 415, 422, 429, 503],
    },
  );
  app.post('/predict/raw', { schema }, async (request, reply) => {
    const { raw } = service;
    if (raw === undefined)
      throw unavailable('the features of this pack need a history, which a row does not have');
    requireLoaded(service);
    const options = readSwitches(request.query, { explain: false, reasons: true });
    const contract = await raw.contract().catch(asUnavailable);
    const { entityId, fields } = readRawRow(contract, request.body);
    const { features, unread } = await patience.run(() => featuresOf(raw, fields));
    const scored = scoreRow(service, { entityId, features }, options);
    const answer = unread.length === 0 ? scored.answer : { ...scored.answer, unreadFields: unread };
    const answeredAt = clock.now();
    const row = { ...scored, answer };
    recordRows(parts, request.id, answeredAt, [row]);
    flushRecords(parts);
    const sent = reply
      .header('cache-control', 'no-store')
      .header('x-model-set', String(answer.modelSet))
      .send(
        presentAnswer(answer, {
          idField: service.idField,
          requestId: request.id,
          answeredAt,
          latencyMs: performance.now() - request.startedAt,
        }),
      );
    shadow?.offer(request.id, answeredAt, [row]);
    return sent;
  });
}

async function featuresOf(raw: RawReader, fields: Parameters<RawReader['features']>[0]) {
  try {
    return await raw.features(fields);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== 'HF504') throw error;
    throw misfit('', error.message, error.hint ?? 'send a row that the pack keeps');
  }
}

/** HF614 in place of what makes the pack's SQL none of one row. */
function asUnavailable(error: unknown): never {
  if (error instanceof HoldfastError && error.code === 'HF402') throw unavailable(error.message);
  throw error;
}

const unavailable = (why: string): HoldfastError =>
  new HoldfastError('HF614', {
    message: `rows as delivered cannot be scored here: ${why}`,
    hint: 'send the features, or the key alone, to POST /predict',
  });
