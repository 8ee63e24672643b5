import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../../kernel/index.ts';
import type { ReportedOutcome } from '../../workflow/index.ts';
import { atRow } from '../error-shape.ts';
import { readOutcome } from '../outcome-reader.ts';
import { readSwitches } from '../query.ts';
import { described } from '../route-schema.ts';
import type { RouteParts } from '../route-parts.ts';

/** `POST /outcomes`: what became of one entity or of many; on disk before it is acknowledged. */
export function registerOutcomes(app: FastifyInstance, parts: RouteParts): void {
  const { service, settings, clock, outcomes, metrics } = parts;
  const schema = described(
    'Report outcomes',
    `What became of one entity, or of a list of at most ${String(settings.maxBatchSize)}: whether it left or stayed, and on which day that was seen. All or none are taken; what is known already is counted and not doubled.`,
    {
      body: 'OutcomesRequest',
      answer: 'Outcomes',
      errors: [400, 401, 403, 408, 413, 415, 422, 429, 503],
    },
  );
  app.post('/outcomes', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    const contract = { idField: service.idField, horizons: outcomes?.horizons ?? [] };
    const { body } = request;
    const now = clock.now();
    const read = Array.isArray(body)
      ? listOf(body, settings.maxBatchSize, (row) => readOutcome(contract, row, now))
      : [readOutcome(contract, body, now)];
    if (outcomes === undefined)
      throw new HoldfastError('HF623', {
        message: 'this server keeps no outcomes',
        hint: 'start it with a state folder',
      });
    const counts = await outcomes.take(read);
    metrics.outcomes(counts);
    return reply.header('cache-control', 'no-store').send({ ...counts, request_id: request.id });
  });
}

function listOf(
  rows: readonly unknown[],
  atMost: number,
  read: (row: unknown) => ReportedOutcome,
): ReportedOutcome[] {
  if (rows.length > atMost)
    throw new HoldfastError('HF616', {
      message: `the list has ${String(rows.length)} outcomes, more than ${String(atMost)}`,
      hint: `send at most ${String(atMost)} outcomes at once`,
    });
  return rows.map((row, index) => {
    try {
      return read(row);
    } catch (error) {
      throw error instanceof HoldfastError ? atRow(error, index) : error;
    }
  });
}
