/** What is known of a model set that is to be promoted: plain data, kept as it was when somebody decided by it. */
import type { ComparisonTerms, HorizonComparison } from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import type { PackFile } from '../pack/index.ts';

export interface GateEvidence {
  /** Whether a set is in production; without one there is nothing to compare with. */
  readonly hasChampion: boolean;
  /** Why the set in production cannot be measured, so that nothing can be compared; null where it can, or there is none. */
  readonly championUnusable: string | null;
  /** Of each model of the challenger. */
  readonly horizons: readonly HorizonEvidence[];
  readonly smoke: SmokeEvidence;
  /** Median time of scoring one row for all horizons, in milliseconds; null where it was not measured. */
  readonly singleRowMs: number | null;
}

export interface HorizonEvidence {
  readonly horizonDays: number;
  /** The challenger on the test rows, or why there is nothing yet. */
  readonly test: SplitMetrics;
  /** Whether the champion has the same model, by its content hash. */
  readonly isUnchanged: boolean;
  /** The champion on the same rows; null where it has no model of the horizon. */
  readonly championTest: SplitMetrics | null;
  /** Null where there is nothing to compare: no champion, no model of this horizon in it, or the same one. */
  readonly comparison: HorizonComparison | { readonly reason: string } | null;
  readonly skew: SkewEvidence;
  /** Test rows that one of the two was trained on, which count for neither; null where nobody can tell any more. */
  readonly rowsLeftOut: number | null;
}

/** What the set says of a few rows: how many of them it says something of that cannot be. */
export interface SmokeEvidence {
  readonly rows: number;
  /** Rows with a probability that is no number. */
  readonly notFinite: number;
  /** Other rows with a probability below 0 or above 1. */
  readonly outside: number;
  /** Other rows whose probability falls with a longer horizon. */
  readonly incoherent: number;
}

/** What a model says now of the rows that were kept when it was trained. */
export interface SkewEvidence {
  readonly rows: number;
  /**
   * Largest distance of a raw score or probability from the one that was kept; null where one of them is no number, or
   * the features are encoded in another way.
   */
  readonly largestDifference: number | null;
}

/** The terms of the pack by which challenger and champion are compared. */
export const comparisonTerms = ({
  metric,
  rule,
  margin,
  confidence,
  segment_margin: segmentMargin,
}: PackFile['promotion']): ComparisonTerms => ({ metric, rule, margin, confidence, segmentMargin });

/** Looks at probabilities as they would be served: a column a horizon, shortest first. */
export function smokeEvidence(columns: readonly Float64Array[]): SmokeEvidence {
  const faults = { notFinite: 0, outside: 0, incoherent: 0 };
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    const probabilities = columns.map((column) => column[row] ?? NaN);
    if (!probabilities.every(Number.isFinite)) faults.notFinite += 1;
    else if (probabilities.some((probability) => probability < 0 || probability > 1)) faults.outside += 1;
    else if (probabilities.some((probability, place) => probability < (probabilities[place - 1] ?? 0)))
      faults.incoherent += 1;
  }
  return { rows, ...faults };
}
