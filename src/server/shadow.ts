/**
 * The challenger in the shadow: it scores what the champion has answered, after the answer, and nobody hears of it but
 * the log of predictions. When it is behind, rows are skipped and counted.
 */
import { HoldfastError } from '../kernel/index.ts';
import type { ScoringAnswer, ScoringRequest, ScoringService } from '../workflow/index.ts';
import type { ServerMetrics } from './metrics.ts';
import { flushRecords } from './scoring.ts';
import type { PredictionRecorder, ServerLog } from './settings.ts';

/** Rows that may wait. */
const QUEUE_ROWS = 5000;
/** Requests get their turn after so long. */
const SLICE_MS = 2;
/** One failure tells of the others: they are counted, and said again after this time. */
const TELL_EVERY_MS = 60_000;

/** A row that was answered. */
interface AnsweredRow {
  readonly request: ScoringRequest;
  readonly answer: ScoringAnswer;
}

interface ShadowedRow {
  readonly requestId: string;
  readonly answeredAt: string;
  readonly row: AnsweredRow;
}

export interface ShadowParts {
  readonly service: Pick<ScoringService, 'scoreInShadow' | 'challenger'>;
  readonly recorder?: PredictionRecorder;
  readonly metrics: Pick<ServerMetrics, 'shadow'>;
  readonly log: ServerLog;
}

/** Disposing it scores what still waits. */
export interface Shadow extends Disposable {
  /** Rows whose answer has left; returns at once. */
  offer(requestId: string, answeredAt: Date, rows: readonly AnsweredRow[]): void;
}

/** Undefined where the service was asked for no shadow. */
export function openShadow({ service, recorder, metrics, log }: ShadowParts): Shadow | undefined {
  if (service.scoreInShadow === undefined || service.challenger?.isShadow !== true) return undefined;
  const queue: ShadowedRow[] = [];
  let next = 0;
  let isScheduled = false;
  let toldAt = -TELL_EVERY_MS;
  const scoreOne = ({ requestId, answeredAt, row }: ShadowedRow): void => {
    const { request } = row;
    try {
      const startedAt = performance.now();
      const answer = service.scoreInShadow?.(request);
      if (answer === undefined) return;
      const latencyMs = performance.now() - startedAt;
      const { entityId, features = null } = request;
      recorder?.record({ requestId, answeredAt, entityId, features, answer, latencyMs });
      metrics.shadow('scored', 1);
    } catch (error) {
      metrics.shadow('failed', 1);
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      // What a refusal says of a row names its key or its values: neither is for this log.
      const fault = error instanceof HoldfastError ? { code: error.code } : { err: error };
      log.warn({ request_id: requestId, ...fault }, 'the challenger failed in the shadow');
    }
  };
  const work = (forMs: number): void => {
    const from = next;
    const until = performance.now() + forMs;
    while (next < queue.length && performance.now() < until) {
      scoreOne(queue[next] as ShadowedRow);
      next += 1;
    }
    if (next > from) flushRecords({ log, ...(recorder === undefined ? {} : { recorder }) });
    // What is done must not stay in memory while new rows come faster than all are done.
    if (next < queue.length && next < QUEUE_ROWS) return;
    queue.splice(0, next);
    next = 0;
  };
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      work(SLICE_MS);
      if (queue.length > 0) schedule();
    });
  };
  return {
    offer(requestId, answeredAt, rows) {
      if (service.challenger?.set === null) return;
      const at = answeredAt.toISOString();
      // What the challenger has answered itself need not be scored again.
      const shadowed = rows.filter(({ answer }) => answer.answeredBy !== 'challenger');
      const room = Math.max(0, QUEUE_ROWS - (queue.length - next));
      for (const row of shadowed.slice(0, room)) queue.push({ requestId, answeredAt: at, row });
      const skipped = shadowed.length - room;
      if (skipped > 0) metrics.shadow('skipped', skipped);
      schedule();
    },
    [Symbol.dispose]() {
      work(Number.POSITIVE_INFINITY);
    },
  };
}
