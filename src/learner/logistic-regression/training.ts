/** Training a logistic regression, synchronous: for the learner's worker. */
import { HoldfastError } from '../../kernel/index.ts';
import type { TrainingResult, TrainingTask } from '../learner.ts';
import { checkTask } from '../task-checks.ts';
import type { TrainingSurroundings } from '../backend.ts';
import { fitLogisticRegression, type LogisticModel } from './logistic-regression.ts';
import { modelText } from './model-text.ts';
import { logisticParameters } from './parameters.ts';

/**
 * Fits one regression on the train rows. There are no rounds and nothing to stop early; the stop rows are
 * not looked at. What it says of `gain` is how far each feature moves the log-odds: the root of its squared
 * standardised coefficients.
 *
 * @throws HF103 unusable parameter; HF510 constraints; HF207, HF504 and HF505 as every learner; HF930
 *   cancelled.
 */
export function trainLogistic(
  task: TrainingTask,
  { onProgress, isCancelled }: TrainingSurroundings,
): TrainingResult {
  const started = performance.now();
  checkTask(task);
  const { l2, positiveWeight, parameters } = logisticParameters(task.parameters);
  const model = fitLogisticRegression({
    features: task.features,
    categorical: task.categorical,
    trainRows: task.trainRows,
    labels: task.labels,
    ...weightsOf(task, positiveWeight),
    l2,
    onBlock: () => {
      if (isCancelled()) throw new HoldfastError('HF930', { message: 'training was interrupted' });
    },
  });
  onProgress(task.rounds, undefined);
  return {
    modelText: modelText(model, task.featureNames),
    parameters,
    trees: 0,
    rounds: 1,
    stopMetric: { name: '', values: [] },
    seconds: (performance.now() - started) / 1000,
    gain: task.featureNames.map((_, column) => sizeOf(model, column)),
    converged: model.converged,
  };
}

function weightsOf({ weights, labels }: TrainingTask, positiveWeight: number): { weights?: Float32Array } {
  if (weights === undefined && positiveWeight === 1) return {};
  const weigh = (label: number, row: number): number =>
    (weights?.[row] ?? 1) * (label === 1 ? positiveWeight : 1);
  return { weights: labels.map(weigh) };
}

const sizeOf = ({ terms }: LogisticModel, feature: number): number =>
  Math.hypot(...terms.filter(({ column }) => column === feature).map(({ coefficient }) => coefficient));
