import { HoldfastError } from '../kernel/index.ts';
import type { Learner } from './learner.ts';
import { openLightGbm } from './lightgbm/index.ts';
import { openLogisticRegression } from './logistic-regression/index.ts';
import { openRandomForest } from './random-forest/index.ts';
import { openXgboost } from './xgboost/index.ts';

/** The learners that a pack may name. */
type LearnerName = 'lightgbm' | 'xgboost' | 'random_forest' | 'logistic_regression';

export interface LearnerOptions {
  /** Native libraries of the user's own; by default what the environment names, else what was set up. */
  readonly libraries?: { readonly lightgbm?: string; readonly xgboost?: string };
  /** Threads for prediction, and for training tasks that say 0; by default what the machine has. */
  readonly threads?: number;
}

const OPENERS: Readonly<Record<LearnerName, (options: LearnerOptions) => Promise<Learner>>> = {
  lightgbm: (options) => openLightGbm(withLibrary(options, options.libraries?.lightgbm)),
  xgboost: (options) => openXgboost(withLibrary(options, options.libraries?.xgboost)),
  random_forest: (options) => openRandomForest(withLibrary(options, options.libraries?.lightgbm)),
  logistic_regression: openLogisticRegression,
};

/**
 * Opens the learner of that name; the caller disposes it.
 *
 * @throws HF501 when there is no such learner, or its native library is missing or not usable.
 */
export function openLearner(name: string, options: LearnerOptions = {}): Promise<Learner> {
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

/** The options of one learner. */
export function withLibrary(
  { threads }: LearnerOptions,
  libraryPath: string | undefined,
): { libraryPath?: string; threads?: number } {
  return {
    ...(libraryPath === undefined ? {} : { libraryPath }),
    ...(threads === undefined ? {} : { threads }),
  };
}
