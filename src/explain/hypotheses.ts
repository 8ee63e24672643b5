import type { EvaluationSettings } from '../pack/index.ts';
import type { FeatureImportance, GlobalExplanation } from './global.ts';

export type HypothesisVerdict =
  | 'borne out'
  | 'weaker than expected'
  | 'not borne out'
  /** It drives the score, but the other way. */
  | 'opposite direction'
  /** It drives the score, but neither higher nor lower values raise it on the whole. */
  | 'no clear direction';

/** One line of what was expected to drive a horizon, beside what does. */
export interface JudgedHypothesis {
  readonly horizonDays: number;
  readonly feature: string;
  readonly label: string;
  /** Why it was expected, in the words of the pack. */
  readonly says: string;
  /** Its place among the expectations of the horizon, from 1. */
  readonly expected: number;
  /** Its place among all features by size, from 1. */
  readonly rank: number;
  /** Of so many features. */
  readonly of: number;
  /** Mean of its contributions without their sign, log-odds. */
  readonly meanAbsolute: number;
  readonly share: number;
  /** Rank correlation of value and contribution: above 0 where higher values raise the score; null for categories. */
  readonly direction: number | null;
  /** Which values raise the score by that; null where neither do on the whole, and for categories. */
  readonly raisedBy: 'higher' | 'lower' | null;
  /** Which the pack expects to; null where it does not say. */
  readonly expectedRaisedBy: 'higher' | 'lower' | null;
  readonly verdict: HypothesisVerdict;
}

/** The last ranks at which an expectation counts as borne out, and as weaker than expected. */
const BORNE_OUT = 5;
const WEAKER = 10;

/**
 * A direction is clear from so many standard errors on (1 / root of the rows, of values and contributions that have
 * nothing to do with each other). A fixed size would not do: where few rows have a value above 0, as with rare
 * events, even a perfect order gives a small correlation.
 */
const CLEAR_ERRORS = 3;

/**
 * Says of each expected driver whether it is one. A horizon without a global explanation has no lines. That a
 * feature drives a score does not say that it drives people away: the verdict is about the model. One that drives it
 * the other way than the pack expects bears nothing out.
 */
export function judgeHypotheses(
  hypotheses: EvaluationSettings['hypotheses'],
  explanations: readonly GlobalExplanation[],
): JudgedHypothesis[] {
  return explanations.flatMap(({ horizonDays, rows, features }) =>
    (hypotheses[`${String(horizonDays)}d`] ?? []).flatMap(
      ({ feature, says, raised_by: expected = null }, index) => {
        const found = features.find((importance) => importance.feature === feature);
        if (found === undefined) return [];
        const { rank, label, meanAbsolute, share, direction } = found;
        const raisedBy = raisedByOf(direction, rows);
        return {
          horizonDays,
          feature,
          label,
          says,
          expected: index + 1,
          rank,
          of: features.length,
          meanAbsolute,
          share,
          direction,
          raisedBy,
          expectedRaisedBy: expected,
          verdict: verdictOf(found, raisedBy, expected),
        };
      },
    ),
  );
}

function raisedByOf(direction: number | null, rows: number): JudgedHypothesis['raisedBy'] {
  if (direction === null || Math.abs(direction) < CLEAR_ERRORS / Math.sqrt(rows)) return null;
  return direction > 0 ? 'higher' : 'lower';
}

/** A feature without any weight bears nothing out, however few features there are. */
function verdictOf(
  { rank, meanAbsolute, direction }: FeatureImportance,
  raisedBy: JudgedHypothesis['raisedBy'],
  expected: JudgedHypothesis['expectedRaisedBy'],
): HypothesisVerdict {
  if (meanAbsolute === 0 || rank > WEAKER) return 'not borne out';
  if (expected !== null && direction !== null && raisedBy !== expected)
    return raisedBy === null ? 'no clear direction' : 'opposite direction';
  return rank <= BORNE_OUT ? 'borne out' : 'weaker than expected';
}
