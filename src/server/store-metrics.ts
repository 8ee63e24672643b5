/** Metrics of kept answers, of the prediction log and of the database, read where they are counted. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SinkFigures } from '../store/index.ts';
import type { AnswerCacheFigures } from '../workflow/index.ts';
import type { PredictionRecorder, ServerStores } from './settings.ts';

/** Registers them; they say 0 where there is no such store. */
export function registerStoreMetrics(
  registers: Registry[],
  stores: ServerStores | undefined,
  recorder: PredictionRecorder | undefined,
): void {
  const cache = (): Partial<AnswerCacheFigures> => stores?.cache() ?? {};
  const sink = (): Partial<SinkFigures> => stores?.sink() ?? {};
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  counter('churn_cache_hits_total', 'Answers that were kept and given again', () => cache().hits ?? 0);
  counter('churn_cache_misses_total', 'Answers that had to be worked out', () => cache().misses ?? 0);
  gauge('churn_cache_hit_rate', 'Share of the answers that were kept and given again', () => {
    const { hits = 0, misses = 0 } = cache();
    return hits === 0 ? 0 : hits / (hits + misses);
  });
  gauge('churn_cache_entries', 'Answers kept in memory', () => cache().entries ?? 0);
  counter('churn_cache_recalled_total', 'Kept answers that came from Redis', () => cache().recalled ?? 0);
  counter(
    'churn_cache_failures_total',
    'Calls to Redis that failed or took too long',
    () => cache().failures ?? 0,
  );
  gauge('churn_cache_redis_up', 'Whether Redis answers', () => Number(cache().isSharedUp ?? false));
  counter(
    'churn_prediction_log_lost_total',
    'Records that could not be written to the prediction log and were given up',
    () => recorder?.lost ?? 0,
  );
  gauge('churn_postgres_waiting_rows', 'Records that wait for the database', () => sink().waiting ?? 0);
  counter(
    'churn_postgres_failures_total',
    'Tries to write to the database that failed',
    () => sink().failures ?? 0,
  );
  new Counter({
    name: 'churn_postgres_rows_total',
    help: 'Records by what became of them: written, dropped while the queue was full, or refused by the database',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      const { written = 0, dropped = 0, refused = 0 } = sink();
      for (const [result, count] of Object.entries({ written, dropped, refused }))
        this.inc({ result }, count);
    },
  });
}
