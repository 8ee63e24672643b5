import { openLearner } from '../../src/learner/index.ts';
import { describeLearnerContract } from './contract.ts';

describeLearnerContract('xgboost', {
  open: () => openLearner('xgboost'),
  parameters: { eval_metric: 'aucpr', max_depth: 4, learning_rate: 0.1, min_child_weight: 5 },
  chance: { subsample: 0.5 },
  misspelt: ['learning_rat', 'learning_rate'],
  monotone: (directions) => ({ monotone_constraints: `(${directions.join(',')})` }),
  grows: 'boosting',
  metric: 'aucpr',
  decimals: 5,
});
