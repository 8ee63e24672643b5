import type { EvaluationSettings } from '../pack/index.ts';
import type { GlobalExplanation } from './global.ts';

export type HypothesisVerdict = 'borne out' | 'weaker than expected' | 'not borne out';

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
  readonly direction: number | null;
  readonly verdict: HypothesisVerdict;
}

/** The last ranks at which an expectation counts as borne out, and as weaker than expected. */
const BORNE_OUT = 5;
const WEAKER = 10;

/**
 * Says of each expected driver whether it is one. A horizon without a global explanation has no lines. That a
 * feature drives a score does not say that it drives people away: the verdict is about the model.
 */
export function judgeHypotheses(
  hypotheses: EvaluationSettings['hypotheses'],
  explanations: readonly GlobalExplanation[],
): JudgedHypothesis[] {
  return explanations.flatMap(({ horizonDays, features }) =>
    (hypotheses[`${String(horizonDays)}d`] ?? []).flatMap(({ feature, says }, index) => {
      const found = features.find((importance) => importance.feature === feature);
      if (found === undefined) return [];
      const { rank, label, meanAbsolute, share, direction } = found;
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
        verdict: verdictOf(rank, meanAbsolute),
      };
    }),
  );
}

/** A feature without any weight bears nothing out, however few features there are. */
function verdictOf(rank: number, meanAbsolute: number): HypothesisVerdict {
  if (meanAbsolute === 0 || rank > WEAKER) return 'not borne out';
  return rank <= BORNE_OUT ? 'borne out' : 'weaker than expected';
}
