import type { Clock } from '../../kernel/index.ts';
import { randomUUID } from 'node:crypto';
import {
  openIdentityHash,
  openPredictionLog,
  type PredictionRecord,
  type RecordSink,
} from '../../store/index.ts';
import type { RequestValue, ScoringAnswer } from './service.ts';

/** A prediction that was answered. */
interface AnsweredPrediction {
  readonly requestId: string;
  readonly answeredAt: string;
  readonly entityId: string;
  /** As the request gave them; null where they were looked up. */
  readonly features: Readonly<Record<string, RequestValue>> | null;
  readonly answer: ScoringAnswer;
  readonly latencyMs: number;
}

/**
 * Takes every answered prediction into the log of a state folder, the entity's key as a keyed hash; and into the sink,
 * where there is one, what the log has taken.
 */
export interface Recorder extends Disposable {
  record(entry: AnsweredPrediction): void;
  /** What was recorded is in the system's hands when this returns; throws what the system says where it takes nothing. */
  flush(): void;
  /** Records that could not be written and were given up. */
  readonly lost: number;
}

export async function openRecorder(
  stateFolder: string,
  clock: Clock,
  sink?: RecordSink<PredictionRecord>,
): Promise<Recorder> {
  const hash = await openIdentityHash(stateFolder);
  const log = openPredictionLog(stateFolder, clock, {
    onTaken: (record) => sink?.push(record),
  });
  return {
    record({ requestId, answeredAt, entityId, features, answer, latencyMs }) {
      log.write({
        record_id: randomUUID(),
        request_id: requestId,
        answered_at: answeredAt,
        entity_hash: hash(entityId),
        model_set: answer.modelSet,
        model_set_hash: answer.modelSetHash,
        tier: answer.tier,
        probabilities: Object.fromEntries(
          answer.horizons.map(({ days, probability }) => [`${String(days)}d`, probability]),
        ),
        features,
        features_as_of: answer.featuresAsOf ?? null,
        latency_ms: Number(latencyMs.toFixed(3)),
        answered_by: answer.answeredBy ?? 'champion',
        cached: answer.isCached ?? false,
      });
    },
    flush: () => {
      log.flush();
    },
    get lost() {
      return log.lost;
    },
    [Symbol.dispose]: () => {
      log[Symbol.dispose]();
    },
  };
}
