import { openLearner } from '../../src/learner/index.ts';
import { describeLearnerContract } from './contract.ts';

describeLearnerContract('random_forest', {
  open: () => openLearner('random_forest'),
  parameters: { num_leaves: 31, min_child_samples: 20 },
  chance: {},
  misspelt: ['num_leafs', 'num_leaves'],
  monotone: (directions) => ({ monotone_constraints: directions.join(',') }),
  grows: 'forest',
  metric: '',
  decimals: 9,
});
