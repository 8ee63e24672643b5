/** What a pack may say about the learner of its models. */
import { z } from 'zod';

export const LearnerName = z
  .enum(['lightgbm', 'xgboost', 'random_forest', 'logistic_regression'])
  .describe(
    'lightgbm and xgboost: gradient boosting; random_forest: LightGBM trees that are averaged; ' +
      'logistic_regression: linear on standardised values and one indicator a category',
  );

export const LEARNER_PARAMETERS_HELP =
  "the learner's own parameters; where they are left out, " +
  'lightgbm: metric average_precision, learning_rate 0.05; ' +
  'xgboost: eval_metric aucpr, learning_rate 0.05, max_depth 5, min_child_weight 5; ' +
  'random_forest (of LightGBM, `rounds` trees): bagging_fraction 0.63, feature_fraction_bynode 0.4, ' +
  'num_leaves 128, min_data_in_leaf 10; logistic_regression: l2 1';
