/** A forest by LightGBM: trees on samples of rows and features, each on its own, and their mean. */
import type { TrainingResult, TrainingTask } from '../learner.ts';
import type { LightGbm } from '../lightgbm/lightgbm.ts';
import { type LightGbmRules, RESTRICTED } from '../lightgbm/parameters.ts';
import { trainModel } from '../lightgbm/training.ts';
import { checkTask } from '../task-checks.ts';
import type { TrainingSurroundings } from '../backend.ts';
import { sumOfTrees } from './forest-text.ts';

/**
 * Trees are grown on 63 % of the rows, the share of distinct ones in a bootstrap sample, and choose among 40 %
 * of the features at each split; leaves of ten rows at least, which on tables of churn rank better than
 * leaves of one.
 */
const FOREST: LightGbmRules = {
  restricted: new Map([...RESTRICTED, ['boosting', ['rf', 'random_forest']]]),
  defaults: {
    boosting: 'rf',
    bagging_freq: 1,
    bagging_fraction: 0.63,
    feature_fraction_bynode: 0.4,
    num_leaves: 128,
    min_data_in_leaf: 10,
    min_sum_hessian_in_leaf: 0,
  },
};

/**
 * Trains a forest of `rounds` trees; the stop rows are not looked at, because a forest does not get worse by
 * further trees.
 *
 * Each tree gives log-odds: those of the base rate and one Newton step from there to the share of positives in
 * its leaf. The raw score is the mean of the trees, so that contributions add up on the scale of log-odds; it
 * ranks as the mean share does, and its sigmoid is the probability that LightGBM itself tells for a forest.
 *
 * @throws as the training of LightGBM does.
 */
export function trainForest(
  library: LightGbm,
  task: TrainingTask,
  surroundings: TrainingSurroundings,
): TrainingResult {
  checkTask(task);
  const result = trainModel(
    library,
    { ...task, stopRows: new Uint32Array(), earlyStoppingRounds: 0 },
    surroundings,
    FOREST,
  );
  return { ...result, modelText: sumOfTrees(result.modelText) };
}
