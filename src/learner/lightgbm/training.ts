/** Training with early stopping, synchronous: for the learner's worker. */
import type { TrainingResult, TrainingTask } from '../learner.ts';
import { requireMetric, runRounds } from '../rounds.ts';
import { checkTask } from '../task-checks.ts';
import type { TrainingSurroundings } from '../backend.ts';
import type { Dataset, LightGbm } from './lightgbm.ts';
import { normaliseModelText } from './model-text.ts';
import {
  BOOSTING,
  explainRefusedValue,
  isHigherBetter,
  type LightGbmRules,
  parameterText,
} from './parameters.ts';
import { selectRows } from './row-selection.ts';

/**
 * Trains one model.
 *
 * The first metric on the stop rows decides: the earliest round with the best value is kept, and
 * training ends `earlyStoppingRounds` rounds after it (0: no early stopping, all rounds are kept).
 * It also ends when a round finds no split to make.
 *
 * @throws HF103 unusable parameter; HF207 rows, labels or weights that cannot be trained on; HF504
 *   shapes or names of features; HF505 one class only; HF502 the library failed; HF930 cancelled.
 */
export function trainModel(
  library: LightGbm,
  task: TrainingTask,
  surroundings: TrainingSurroundings,
  rules: LightGbmRules = BOOSTING,
): TrainingResult {
  const started = performance.now();
  checkTask(task);
  const settled = parameterText(task, library.parameterNames(), surroundings.threads, rules);
  using trainSet = createDataset(library, task, task.trainRows, settled.text);
  const stops = task.stopRows.length > 0;
  using stopSet = stops ? createDataset(library, task, task.stopRows, settled.text, trainSet) : undefined;
  using booster = library.createBooster(trainSet, settled.text);
  if (stopSet !== undefined) booster.addValidation(stopSet);
  const metricNames = stops ? booster.metricNames() : [];
  const [metricName = ''] = metricNames;
  requireMetric(metricName, task, { field: 'metric', library: 'LightGBM', example: 'average_precision' });
  const rounds = runRounds(
    {
      metricName,
      isHigherBetter: isHigherBetter(metricName),
      grow: () => booster.update(),
      evaluate: () => booster.evaluate(metricNames.length)[0] ?? NaN,
    },
    task,
    surroundings,
  );
  return {
    modelText: normaliseModelText(booster.toText(rounds.kept)),
    parameters: settled.parameters,
    trees: rounds.kept,
    rounds: rounds.run,
    stopMetric: { name: metricName, values: rounds.values },
    seconds: (performance.now() - started) / 1000,
    gain: [...booster.gain(rounds.kept)],
  };
}

function createDataset(
  library: LightGbm,
  task: TrainingTask,
  rows: Uint32Array,
  parameters: string,
  reference?: Dataset,
): Dataset {
  // The selection is released as soon as the library has its bins.
  using selection = selectRows(task.features, rows);
  const source = {
    data: selection.data,
    rows: rows.length,
    featureNames: task.featureNames,
    labels: Float32Array.from(rows, (row) => task.labels[row] ?? NaN),
    weights:
      task.weights === undefined ? undefined : Float32Array.from(rows, (row) => task.weights?.[row] ?? NaN),
  };
  try {
    return library.createDataset(source, parameters, reference);
  } catch (error) {
    throw explainRefusedValue(error);
  }
}
