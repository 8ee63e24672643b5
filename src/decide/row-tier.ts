/** The tier of one row by itself: what `decide` gives to it among others, as far as one row can tell. */
import { expectedGain } from '../domain/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { TierSettings, ValueSettings } from '../pack/index.ts';

/** What is known of a row that is to be decided. */
export interface RowScores {
  /** Shortest first. */
  readonly horizons: readonly {
    readonly days: number;
    readonly rawScore: number;
    readonly probability: number;
    readonly riskScore: number;
  }[];
  /** Remaining value in the pack's currency; NaN where it is not known. */
  readonly value: number;
}

export interface RowTierParts {
  readonly tiers: TierSettings;
  readonly value: ValueSettings;
  /** Days of the horizons that rows have scores of, shortest first. */
  readonly horizons: readonly number[];
  /** For the basis `capacity`: the lowest raw score that each rung of the ladder admits. */
  readonly lowestAdmitted?: readonly number[];
}

/** Gives the place of a row's tier in the ladder; the ladder's length for the tier of all others. */
export type RowTier = (row: RowScores) => number;

/**
 * The deciding step, a pure function made once. HF103 where the ladder looks at a horizon without scores; HF602 for the
 * basis `capacity` without a batch that says whom it admitted.
 */
export function rowTier({ tiers, value, horizons, lowestAdmitted }: RowTierParts): RowTier {
  const rungs = tiers.ladder.map(({ name, horizon, threshold }) => {
    const place = horizons.indexOf(horizon);
    if (place < 0)
      throw new HoldfastError('HF103', {
        message: `tier ${name} looks at horizon ${String(horizon)}, which has no scores`,
        hint: `use one of the horizons ${horizons.join(', ')}`,
        place: { field: `tiers.ladder.${name}.horizon` },
      });
    return { place, threshold };
  });
  const first = (holds: (scores: RowScores['horizons'][number], rung: number) => boolean) => {
    return ({ horizons: scores }: RowScores): number => {
      const found = rungs.findIndex(({ place }, rung) => {
        const own = scores[place];
        return own !== undefined && holds(own, rung);
      });
      return found < 0 ? rungs.length : found;
    };
  };
  const thresholdOf = (rung: number): number => rungs[rung]?.threshold ?? Infinity;
  switch (tiers.basis) {
    case 'risk_score':
      return first(({ riskScore }, rung) => riskScore > thresholdOf(rung));
    case 'probability':
      return first(({ probability }, rung) => probability > thresholdOf(rung));
    case 'capacity':
      if (lowestAdmitted === undefined)
        throw new HoldfastError('HF602', {
          message:
            'tiers.basis is capacity, and no batch was scored with this model set that says whom it admitted',
          hint: 'score the batch first: holdfast run --from score',
          place: { field: 'tiers.basis' },
        });
      return first(({ rawScore }, rung) => rawScore >= (lowestAdmitted[rung] ?? Infinity));
    case 'profit': {
      const terms = {
        contactCost: value.contact_cost,
        offerCost: value.offer_cost,
        acceptance: value.acceptance,
      };
      return (row) => {
        const worth = Number.isNaN(row.value) ? 0 : row.value;
        return first(({ probability }) => expectedGain({ probability, value: worth, ...terms }) > 0)(row);
      };
    }
  }
}
