import {
  assignByCapacity,
  assignByProfit,
  assignByThreshold,
  expectedGains,
  valuesAtRisk,
} from '../domain/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { TierSettings, ValueSettings } from '../pack/index.ts';

/** Scores by horizon that a decision is based on, row by row. */
export interface DecisionInput {
  readonly horizons: readonly {
    readonly days: number;
    readonly rawScores: Float64Array;
    readonly probabilities: Float64Array;
    readonly riskScores: Float64Array;
  }[];
  /** Remaining value of each row, in the pack's currency. */
  readonly values: Float64Array;
}

export interface Decision {
  /** Index into `tierNames`. */
  readonly tiers: Uint8Array;
  readonly tierNames: readonly string[];
  /** Longest-horizon probability times remaining value. */
  readonly valuesAtRisk: Float64Array;
  /** Expected gain of a contact now at the longest horizon, under the pack's assumptions. */
  readonly expectedGains: Float64Array;
}

/** Gives each row its tier by the configured basis, its value at risk and the expected gain of a contact. */
export function decide(input: DecisionInput, tiers: TierSettings, value: ValueSettings): Decision {
  const longest = input.horizons.at(-1);
  if (longest === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  return {
    tiers: assign(input, tiers, value),
    tierNames: [...tiers.ladder.map(({ name }) => name), tiers.otherwise],
    valuesAtRisk: valuesAtRisk(longest.probabilities, input.values),
    expectedGains: gains(longest.probabilities, input.values, value),
  };
}

function assign(input: DecisionInput, tiers: TierSettings, value: ValueSettings): Uint8Array {
  const rungs = tiers.ladder.map(({ name, horizon, threshold, capacity }) => ({
    name,
    horizonDays: horizon,
    threshold,
    capacity: capacity ?? Number.NaN,
  }));
  const by = (
    column: (horizon: DecisionInput['horizons'][number]) => Float64Array,
  ): Map<number, Float64Array> => new Map(input.horizons.map((horizon) => [horizon.days, column(horizon)]));
  switch (tiers.basis) {
    case 'risk_score':
      return assignByThreshold(
        rungs,
        by(({ riskScores }) => riskScores),
      );
    case 'probability':
      return assignByThreshold(
        rungs,
        by(({ probabilities }) => probabilities),
      );
    case 'capacity': {
      const without = rungs.find(({ capacity }) => Number.isNaN(capacity));
      if (without !== undefined)
        throw new HoldfastError('HF103', {
          message: `tiers.basis is capacity, but tier ${without.name} has no capacity`,
          hint: 'state a capacity for every tier of the ladder',
          place: { field: `tiers.ladder.${without.name}.capacity` },
        });
      return assignByCapacity(
        rungs,
        by(({ rawScores }) => rawScores),
      );
    }
    case 'profit':
      return assignByProfit(
        rungs,
        by(({ probabilities }) => gains(probabilities, input.values, value)),
      );
  }
}

/** Rows without a known value are worth nothing to a contact, and are never chosen for profit. */
function gains(probabilities: Float64Array, values: Float64Array, value: ValueSettings): Float64Array {
  const known = values.map((worth) => (Number.isNaN(worth) ? 0 : worth));
  return expectedGains(probabilities, known, {
    contactCost: value.contact_cost,
    offerCost: value.offer_cost,
    acceptance: value.acceptance,
  });
}
