import type { Learner } from '../learner.ts';
import { openWorkerLearner } from '../worker/worker-learner.ts';

export {
  fitLogisticRegression,
  type LogisticModel,
  type LogisticTask,
  predictLogistic,
} from './logistic-regression.ts';
export { isLogisticText, parseLogisticText } from './model-text.ts';
export { openRows as openLogisticRows } from './rows.ts';
export { type LogisticTerm } from './terms.ts';

/** Changes when the same rows would give another model. */
const SOLVER_VERSION = '1.0.0';

/** Opens the logistic regression in a worker of its own; the caller disposes it. It needs no library. */
export function openLogisticRegression(options: { readonly threads?: number } = {}): Promise<Learner> {
  return openWorkerLearner({
    name: 'logistic_regression',
    version: SOLVER_VERSION,
    workerFolder: 'learner/logistic-regression',
    threads: options.threads,
  });
}
