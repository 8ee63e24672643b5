import { openLearner } from '../../src/learner/index.ts';
import { describeLearnerContract } from './contract.ts';

describeLearnerContract('logistic_regression', {
  open: () => openLearner('logistic_regression'),
  parameters: { l2: 1 },
  chance: null,
  misspelt: ['l3', 'l2'],
  monotone: null,
  grows: 'once',
  metric: '',
  decimals: 9,
});
