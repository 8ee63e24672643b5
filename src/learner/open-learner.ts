import { HoldfastError } from '../kernel/index.ts';
import type { Learner } from './learner.ts';
import { type LightGbmOptions, openLightGbm } from './lightgbm/index.ts';

/** The learners that a pack may name. */
type LearnerName = 'lightgbm';

const OPENERS: Readonly<Record<LearnerName, (options: LightGbmOptions) => Promise<Learner>>> = {
  lightgbm: openLightGbm,
};

/**
 * Opens the learner of that name; the caller disposes it.
 *
 * @throws HF501 when there is no such learner, or its native library is missing or not usable.
 */
export function openLearner(name: string, options: LightGbmOptions = {}): Promise<Learner> {
  if (!isLearnerName(name)) {
    return Promise.reject(
      new HoldfastError('HF501', {
        message: `there is no learner named '${name}'`,
        hint: `choose one of: ${Object.keys(OPENERS).join(', ')}`,
      }),
    );
  }
  return OPENERS[name](options);
}

function isLearnerName(name: string): name is LearnerName {
  return Object.hasOwn(OPENERS, name);
}
