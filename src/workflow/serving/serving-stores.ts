/** What a server keeps outside of its models: answers that were given, and a copy of the prediction log. */
import type { Config, Secrets } from '../../config/index.ts';
import type { Clock } from '../../kernel/index.ts';
import {
  openPostgresWriter,
  openRecordSink,
  openSharedCache,
  PREDICTION_TABLE,
  type PredictionRecord,
  type RecordSink,
  type SinkFigures,
  type StoreLog,
} from '../../store/index.ts';
import { type AnswerCache, type AnswerCacheFigures, openAnswerCache } from './answer-cache.ts';

/** The caller disposes it after everything that uses it; records that wait are written out then. */
export interface ServingStores extends AsyncDisposable {
  /** Undefined where answers are not kept. */
  readonly answers: AnswerCache | undefined;
  /** Undefined where no database is set. */
  readonly predictions: RecordSink<PredictionRecord> | undefined;
  cache(): AnswerCacheFigures | undefined;
  sink(): SinkFigures | undefined;
}

export interface ServingStoresOptions {
  readonly config: Pick<Config, 'serve' | 'postgres'>;
  readonly secrets: Pick<Secrets, 'redis' | 'postgres'>;
  readonly clock: Clock;
  readonly log: StoreLog;
}

/** Opens what the settings name. Nothing is waited for: stores outside are connected to in the background. */
export function openServingStores({
  config,
  secrets,
  clock,
  log,
}: ServingStoresOptions): Promise<ServingStores> {
  const { cache_seconds: seconds, cache_entries: entries } = config.serve;
  const isKept = seconds > 0;
  const shared =
    isKept && secrets.redis.url !== undefined ? openSharedCache({ url: secrets.redis.url, log }) : undefined;
  const answers = isKept ? openAnswerCache({ lifeMs: seconds * 1000, entries, clock, shared }) : undefined;
  const { url } = secrets.postgres;
  const predictions =
    url === undefined
      ? undefined
      : openRecordSink<PredictionRecord>({
          writer: openPostgresWriter(url, PREDICTION_TABLE),
          queueRows: config.postgres.queue_rows,
          log,
        });
  return Promise.resolve({
    answers,
    predictions,
    cache: () => answers?.figures,
    sink: () => predictions?.figures,
    async [Symbol.asyncDispose]() {
      await predictions?.[Symbol.asyncDispose]();
      await shared?.[Symbol.asyncDispose]();
    },
  });
}
