/**
 * The learner that a new pack begins with: many small, cautious trees, which on tables of a few thousand rows
 * does better than the library's own defaults.
 */
export const LEARNER_SECTION = `learner:
  parameters:
    objective: binary
    metric: auc
    learning_rate: 0.03
    num_leaves: 7
    min_child_samples: 20
    feature_fraction: 0.8
    bagging_fraction: 0.8
    bagging_freq: 1
    lambda_l2: 1
    cat_smooth: 20
    min_data_per_group: 50
  balance: false
  rounds: 1500
  early_stopping_rounds: 100
  seed: 42
`;
