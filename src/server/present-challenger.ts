/** The challenger as clients read it. Pure. */
import type { ChallengerOutcome } from '../workflow/index.ts';

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
