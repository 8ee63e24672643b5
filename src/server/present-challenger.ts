/** The challenger as clients read it. Pure. */
import type { ChallengerOutcome, ChallengerState } from '../workflow/index.ts';
import { presentSet } from './present.ts';

/** What a reload came to for the challenger. */
export function presentChallengerOutcome({
  outcome,
  reason,
  set,
}: ChallengerOutcome): Record<string, unknown> {
  return {
    outcome,
    model_set: set?.id ?? null,
    ...(reason === undefined ? {} : { reason }),
  };
}

/** As `GET /model/info` shows it. */
export function presentChallenger({
  named,
  set,
  reason,
  isShadow,
  splitPercent,
}: ChallengerState): Record<string, unknown> {
  return {
    named,
    shadow: isShadow,
    split_percent: splitPercent,
    ...(set === null ? { model_set: null, reason } : presentSet(set)),
  };
}
