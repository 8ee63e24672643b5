import { LearnerSettings } from './schema.ts';

/**
 * What a new pack tries, without anything tuned by hand: sums of single features, interactions of two or three, and
 * deep trees. Categories with up to 64 values are split one by one, since a table of some thousand rows has too few of
 * each for the orders that the learner would make of them.
 */
export const DEFAULT_LEARNER: LearnerSettings = LearnerSettings.parse({
  name: 'lightgbm',
  parameters: { objective: 'binary', metric: 'average_precision', subsample_freq: 1, max_cat_to_onehot: 64 },
  imbalance: { method: 'none' },
  rounds: 2000,
  early_stopping_rounds: 100,
  candidates: [
    {
      name: 'additive',
      parameters: {
        num_leaves: 2,
        learning_rate: 0.05,
        subsample: 0.8,
        colsample_bytree: 0.5,
        lambda_l2: 1,
        min_child_samples: 20,
      },
    },
    {
      name: 'pairs',
      parameters: {
        num_leaves: 4,
        learning_rate: 0.05,
        subsample: 0.8,
        colsample_bytree: 0.5,
        lambda_l2: 1,
        min_child_samples: 20,
      },
    },
    {
      name: 'deep',
      parameters: {
        num_leaves: 63,
        learning_rate: 0.02,
        subsample: 0.9,
        colsample_bytree: 0.8,
        min_child_samples: 10,
      },
    },
  ],
});
