/** From a row of a request to its answer: read, score, count. */
import { HoldfastError } from '../kernel/index.ts';
import type { ScoringAnswer, ScoringRequest, ScoringService } from '../workflow/index.ts';
import { misfit } from './error-shape.ts';
import { rowReader, type RowReader } from './feature-schema.ts';
import type { ServerMetrics } from './metrics.ts';
import type { ServerParts } from './settings.ts';

export interface ScoredRow {
  readonly request: ScoringRequest;
  readonly answer: ScoringAnswer;
  readonly latencyMs: number;
}

type RecordParts = Pick<ServerParts, 'recorder' | 'log'>;

/** HF602 until all models of a set are loaded. */
export function requireLoaded({ set, notReadyReason }: ScoringService): void {
  if (set !== null) return;
  throw new HoldfastError('HF602', {
    message: notReadyReason ?? 'no model set is loaded',
    hint: 'holdfast models list shows the sets; the server loads the champion as soon as there is one',
  });
}

/** A reader of rows that follows the service when it loads another contract. */
export function followingReader(service: ScoringService): () => RowReader {
  let features: ScoringService['features'] | undefined;
  let reader: RowReader | undefined;
  return () => {
    if (reader === undefined || features !== service.features) {
      ({ features } = service);
      reader = rowReader(service.idField, features);
    }
    return reader;
  };
}

/**
 * Scores a row; it is counted when it is answered, by `recordRows`.
 *
 * @throws HF603 for an entity that is not known, HF611 for a value that the models do not take.
 */
export function scoreRow(
  service: ScoringService,
  request: ScoringRequest,
  options: { readonly explain: boolean; readonly reasons: boolean },
): ScoredRow {
  const startedAt = performance.now();
  try {
    const answer = service.score(request, options);
    return { request, answer, latencyMs: performance.now() - startedAt };
  } catch (error) {
    throw refusalOf(error);
  }
}

/** What scoring says of a row that it refuses, as the request is told it; `below` stands before the feature's name. */
export function refusalOf(error: unknown, below = ''): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'HF504') return error;
  const field = error.place?.field;
  return misfit(
    field === undefined ? '' : `${below}${field}`,
    error.message,
    error.hint ?? 'send a value that fits the contract',
  );
}

/** Scores rows by one model set; a row that is refused is answered with why. */
export async function scoreRowsTogether(
  score: NonNullable<ScoringService['scoreMany']>,
  requests: readonly ScoringRequest[],
  options: { readonly explain: boolean; readonly reasons: boolean },
): Promise<(ScoredRow | HoldfastError)[]> {
  const startedAt = performance.now();
  const answers = await score(requests, options);
  // Of all together: rows that are scored side by side have no time of their own.
  const latencyMs = (performance.now() - startedAt) / Math.max(1, requests.length);
  return requests.map((request, index) => {
    const answer = answers[index] as ScoringAnswer | HoldfastError;
    if (answer instanceof HoldfastError) return refusalOf(answer) as HoldfastError;
    return { request, answer, latencyMs };
  });
}

/**
 * Counts the rows of an answer and hands them to the recorder; a recorder that fails fails no request. Once a request, when
 * nothing can refuse it any more. Answers leave after `flushRecords`.
 */
export function recordRows(
  {
    recorder,
    log,
    metrics,
  }: RecordParts & { readonly metrics: Pick<ServerMetrics, 'prediction' | 'lookup'> },
  requestId: string,
  answeredAt: Date,
  rows: readonly ScoredRow[],
): void {
  for (const { request, answer, latencyMs } of rows) {
    if (request.features === undefined) metrics.lookup(true);
    metrics.prediction(answer, latencyMs / 1000);
  }
  if (recorder === undefined) return;
  try {
    for (const { request, answer, latencyMs } of rows) {
      recorder.record({
        requestId,
        answeredAt: answeredAt.toISOString(),
        entityId: request.entityId,
        features: request.features ?? null,
        answer,
        latencyMs,
      });
    }
  } catch (error) {
    log.warn({ request_id: requestId, err: error }, 'the prediction log took nothing');
  }
}

/** Sees to it that what was handed to the recorder outlives the process. */
export function flushRecords({ recorder, log }: RecordParts): void {
  try {
    recorder?.flush?.();
  } catch (error) {
    log.warn({ err: error }, 'the prediction log took nothing');
  }
}
