/**
 * Tiers: a cascade of rules, the first that fits wins, and a last tier without a rule for the rest.
 * A ladder of n rules gives indexes 0 to n: the rule's place in the ladder, n for the last tier.
 */
import { HoldfastError } from '../kernel/index.ts';
import { assertNumbers, assertSameLength } from './columns.ts';
import { descendingOrder } from './order.ts';

/** A rung of the ladder: which horizon's column it looks at. */
export interface TierRung {
  readonly name: string;
  readonly horizonDays: number;
}

/** A rung that takes rows whose value lies strictly above the threshold. */
export interface ThresholdRung extends TierRung {
  readonly threshold: number;
}

/** A rung that takes so many of the rows left. */
export interface CapacityRung extends TierRung {
  /** Rows at most, from 0 up. */
  readonly capacity: number;
}

/** One column a horizon, by its days; all of one length. */
export type HorizonColumns = ReadonlyMap<number, Float64Array>;

/** Indexes fit a byte, and the last tier needs one. */
const RUNGS_AT_MOST = 255;

/**
 * The first rung whose horizon's value is strictly above its threshold. Throws HF103 for a ladder
 * that names a horizon without a column, HF207 for NaN.
 */
export function assignByThreshold(ladder: readonly ThresholdRung[], values: HorizonColumns): Uint8Array {
  const columns = columnsOf(ladder, values);
  const tiers = restTiers(ladder, values);
  for (let rung = ladder.length - 1; rung >= 0; rung -= 1) {
    const column = columns[rung] as Float64Array;
    const { threshold } = ladder[rung] as ThresholdRung;
    for (let row = 0; row < tiers.length; row += 1) {
      if ((column[row] as number) > threshold) tiers[row] = rung;
    }
  }
  return tiers;
}

/**
 * Rung after rung the highest scores of its horizon among the rows not yet taken, as many as its
 * capacity. Equal scores are taken in row order, so order rows by key. Throws as
 * `assignByThreshold`, and HF103 for a capacity that is not a whole number from 0 up.
 */
export function assignByCapacity(ladder: readonly CapacityRung[], rawScores: HorizonColumns): Uint8Array {
  const columns = columnsOf(ladder, rawScores);
  const tiers = restTiers(ladder, rawScores);
  for (const [rung, { name, capacity }] of ladder.entries()) {
    if (!Number.isSafeInteger(capacity) || capacity < 0) {
      throw new HoldfastError('HF103', {
        message: `capacity of tier ${name} is ${capacity}, not a whole number from 0 up`,
        hint: 'Give the number of entities that the tier can take.',
      });
    }
    let left = capacity;
    for (const row of descendingOrder(columns[rung] as Float64Array)) {
      if (left === 0) break;
      if (tiers[row] !== ladder.length) continue;
      tiers[row] = rung;
      left -= 1;
    }
  }
  return tiers;
}

/** The first rung whose horizon's expected gain is above zero. Throws as `assignByThreshold`. */
export function assignByProfit(ladder: readonly TierRung[], expectedGains: HorizonColumns): Uint8Array {
  return assignByThreshold(
    ladder.map((rung) => ({ ...rung, threshold: 0 })),
    expectedGains,
  );
}

/** Every row in the last tier, to begin with. */
function restTiers(ladder: readonly TierRung[], values: HorizonColumns): Uint8Array {
  const rows = values.values().next().value?.length ?? 0;
  return new Uint8Array(rows).fill(ladder.length);
}

/** The column of each rung, checked. */
function columnsOf(ladder: readonly TierRung[], values: HorizonColumns): Float64Array[] {
  if (ladder.length > RUNGS_AT_MOST) {
    throw new HoldfastError('HF103', {
      message: `the tier ladder has ${ladder.length} rules, more than ${RUNGS_AT_MOST}`,
      hint: 'Use fewer tiers.',
    });
  }
  assertSameLength(Object.fromEntries([...values].map(([days, column]) => [`horizon ${days}`, column])));
  return ladder.map(({ name, horizonDays }) => {
    const column = values.get(horizonDays);
    if (column === undefined) {
      throw new HoldfastError('HF103', {
        message: `tier ${name} looks at horizon ${horizonDays}, which has no scores`,
        hint: `Use one of the horizons ${[...values.keys()].join(', ')}.`,
      });
    }
    assertNumbers(column, `value of horizon ${horizonDays}`);
    return column;
  });
}
