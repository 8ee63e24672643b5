import type { FastifyInstance, FastifyRequest } from 'fastify';
import { setImmediate } from 'node:timers/promises';
import { HoldfastError, type ErrorCode } from '../../kernel/index.ts';
import type { ScoringRequest, ServedSet } from '../../workflow/index.ts';
import { atRow, errorBody, misfit } from '../error-shape.ts';
import { kindOf, type RowReader } from '../feature-schema.ts';
import { presentAnswer } from '../present.ts';
import { readSwitches } from '../query.ts';
import { described } from '../route-schema.ts';
import { answeringSets, setsOf } from '../answering-sets.ts';
import {
  flushRecords,
  followingReader,
  recordRows,
  requireLoaded,
  scoreRow,
  scoreRowsTogether,
  type ScoredRow,
} from '../scoring.ts';
import type { RouteParts } from '../route-parts.ts';

const SWITCHES = { summary: false, partial: false, explain: false, reasons: true };
type Switches = Readonly<typeof SWITCHES>;

/** A row of the batch: scored, or refused for what is wrong with it alone. */
type Row = ScoredRow | HoldfastError;

/** Other requests get their turn after so long. */
const SLICE_MS = 8;
/** What a row can be refused for. */
const OF_ROWS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['HF603', 'HF611']);

/** `POST /predict/batch`: a list of what `POST /predict` takes. */
export function registerPredictBatch(app: FastifyInstance, parts: RouteParts): void {
  const { service, settings, metrics, shadow, clock, pressure } = parts;
  const reader = followingReader(service);
  const schema = described(
    'Score many entities',
    `A list of at most ${String(settings.maxBatchSize)} rows, each as POST /predict takes it; one bad row refuses all, unless partial.`,
    {
      body: 'PredictBatchRequest',
      answer: 'PredictBatch',
      switches: {
        summary: 'wrap the list, with counts and the time it took',
        partial: 'score the good rows, and say by index what is wrong with the others',
        explain: 'add the contributions of all features, in log-odds',
        reasons: 'give reasons in plain words; true unless said otherwise',
      },
      errors: [400, 401, 403, 404, 408, 413, 415, 422, 429, 503],
    },
  );
  app.post('/predict/batch', { schema }, async (request, reply) => {
    requireLoaded(service);
    const switches = readSwitches(request.query, SWITCHES);
    const body = batchOf(request.body, settings.maxBatchSize);
    pressure.enter(body.length);
    try {
      const wanted = body.map((row, index) => readRow(reader(), row, index, switches));
      await service.recall?.(
        wanted.filter((row): row is ScoringRequest => !(row instanceof HoldfastError)),
        switches,
      );
      const rows = await scoreRows(parts, wanted, switches);
      const answeredAt = clock.now();
      const scored = rows.filter(isScored);
      recordRows(parts, request.id, answeredAt, scored);
      for (const row of rows) if (!isScored(row) && row.code === 'HF603') metrics.lookup(false);
      flushRecords(parts);
      const sets = setsOf(scored.map(({ answer }) => answer));
      const sent = reply
        .header('cache-control', 'no-store')
        .header('x-model-set', sets === '' ? String(service.set?.id) : sets)
        .send(presentBatch(parts, request, rows, answeredAt, switches));
      shadow?.offer(request.id, answeredAt, scored);
      return await sent;
    } finally {
      pressure.leave(body.length);
    }
  });
}

function batchOf(body: unknown, atMost: number): readonly unknown[] {
  if (!Array.isArray(body))
    throw misfit('', `expected a list of rows, not ${kindOf(body)}`, 'send [{...}, {...}]');
  if (body.length <= atMost) return body;
  throw new HoldfastError('HF616', {
    message: `the batch has ${String(body.length)} rows, more than ${String(atMost)}`,
    hint: `send at most ${String(atMost)} rows at once`,
  });
}

function readRow(
  read: RowReader,
  row: unknown,
  index: number,
  { partial }: Switches,
): ScoringRequest | HoldfastError {
  return refusedAlone(index, partial, () => read(row));
}

/** Scores all rows by one model set, or one pair of them: where another one was loaded meanwhile, it begins again. */
async function scoreRows(
  parts: RouteParts,
  wanted: readonly (ScoringRequest | HoldfastError)[],
  switches: Switches,
): Promise<Row[]> {
  const { service } = parts;
  let sets: string;
  let rows: Row[];
  do {
    sets = answeringSets(service);
    rows = await scoreOnce(parts, wanted, switches);
  } while (answeringSets(service) !== sets);
  return rows;
}

async function scoreOnce(
  { service }: RouteParts,
  wanted: readonly (ScoringRequest | HoldfastError)[],
  switches: Switches,
): Promise<Row[]> {
  if (service.scoreMany !== undefined) {
    const good = wanted.filter((row): row is ScoringRequest => !(row instanceof HoldfastError));
    const score = service.scoreMany.bind(service);
    const scored = (await scoreRowsTogether(score, good, switches)).values();
    return wanted.map((row, index) => {
      if (row instanceof HoldfastError) return row;
      const found = scored.next().value as Row;
      return refusedAlone(index, switches.partial, () => {
        if (found instanceof HoldfastError) throw found;
        return found;
      });
    });
  }
  const rows: Row[] = [];
  let sliceFrom = performance.now();
  for (const [index, row] of wanted.entries()) {
    rows.push(
      row instanceof HoldfastError
        ? row
        : refusedAlone(index, switches.partial, () => scoreRow(service, row, switches)),
    );
    if (performance.now() - sliceFrom > SLICE_MS) {
      await setImmediate();
      sliceFrom = performance.now();
    }
  }
  return rows;
}

/** Gives back what is wrong with a row where the others shall be scored all the same; throws it otherwise. */
function refusedAlone<T>(index: number, isPartial: boolean, work: () => T): T | HoldfastError {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HoldfastError) || !OF_ROWS.has(error.code)) throw error;
    const refused = atRow(error, index);
    if (!isPartial) throw refused;
    return refused;
  }
}

const isScored = (row: Row): row is ScoredRow => !(row instanceof HoldfastError);

function presentBatch(
  { service }: RouteParts,
  request: FastifyRequest,
  rows: readonly Row[],
  answeredAt: Date,
  { summary }: Switches,
): unknown {
  const items = rows.map((row, index) =>
    isScored(row)
      ? presentAnswer(row.answer, {
          idField: service.idField,
          requestId: request.id,
          answeredAt,
          latencyMs: row.latencyMs,
        })
      : { index, ...errorBody(row, request.id) },
  );
  if (!summary) return items;
  const scored = rows.filter(isScored);
  const highest = highestTier(service.set);
  const errors = items.filter((_item, index) => !isScored(rows[index] as Row));
  return {
    predictions: items.filter((_item, index) => isScored(rows[index] as Row)),
    total_processed: scored.length,
    high_risk_count: scored.filter(({ answer }) => answer.tier === highest).length,
    processing_time_ms: Math.round((performance.now() - request.startedAt) * 1000) / 1000,
    ...(errors.length === 0 ? {} : { errors }),
    request_id: request.id,
  };
}

/** The first tier of the ladder, which is the most urgent one. */
function highestTier(set: ServedSet | null): string | undefined {
  const tiers = set?.tiers as { readonly ladder?: readonly { readonly name?: string }[] } | null | undefined;
  return tiers?.ladder?.[0]?.name;
}
