import { type Clock, HoldfastError } from '../../kernel/index.ts';
import { openIdentityHash, openOutcomeLog, type OutcomeCounts } from '../../store/index.ts';

/** What became of an entity, as somebody says it. */
export interface ReportedOutcome {
  readonly entityId: string;
  readonly outcome: 'left' | 'stayed';
  /** Day on which it was seen, `YYYY-MM-DD`. */
  readonly observedOn: string;
  /** Days of the horizon that it is said of. */
  readonly horizonDays?: number;
  /** Prediction that it is said of. */
  readonly requestId?: string;
}

/** Takes outcomes into the log of a state folder, the entity's key as the keyed hash of the prediction log. */
export interface OutcomeTaker extends AsyncDisposable {
  /** Days of the horizons that an outcome may be said of. */
  readonly horizons: readonly number[];
  /** They are on disk when this is done. HF623 where they cannot be written. */
  take(outcomes: readonly ReportedOutcome[]): Promise<OutcomeCounts>;
}

export async function openOutcomeTaker(
  stateFolder: string,
  horizons: readonly number[],
  clock: Clock,
): Promise<OutcomeTaker> {
  const hash = await openIdentityHash(stateFolder);
  const log = openOutcomeLog(stateFolder, clock);
  let last = 0;
  return {
    horizons,
    async take(outcomes) {
      // A correction must be later than what it corrects, within a millisecond too.
      last = Math.max(last + 1, clock.now().getTime());
      const receivedAt = new Date(last).toISOString();
      const records = outcomes.map(({ entityId, outcome, observedOn, horizonDays, requestId }) => ({
        received_at: receivedAt,
        entity_hash: hash(entityId),
        outcome,
        observed_on: observedOn,
        horizon: horizonDays === undefined ? null : `${String(horizonDays)}d`,
        request_id: requestId ?? null,
      }));
      try {
        return await log.add(records);
      } catch (cause) {
        throw new HoldfastError('HF623', {
          message: 'the outcomes cannot be written to the state folder',
          hint: 'see that its disk has room and that the server may write to it, then send them again: none is doubled',
          cause,
        });
      }
    },
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  };
}
