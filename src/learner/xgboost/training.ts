/** Training with early stopping, synchronous: for the learner's worker. */
import type { TrainingResult, TrainingTask } from '../learner.ts';
import { requireMetric, runRounds } from '../rounds.ts';
import { checkTask } from '../task-checks.ts';
import type { TrainingSurroundings } from '../backend.ts';
import { CATEGORIES_ATTRIBUTE, categoriesOf, type CategoryCodes, knownCategories } from './categories.ts';
import { gainOf, parseModelText } from './model-text.ts';
import { explainRefusedValue, isHigherBetter, parameterList } from './parameters.ts';
import { rowBlock } from './row-block.ts';
import type { Booster, DataMatrix, Xgboost } from './xgboost.ts';

/**
 * Trains one model. The first metric on the stop rows decides: the earliest round with the best value is
 * kept, and training ends `earlyStoppingRounds` rounds after it (0: no early stopping, all are kept).
 *
 * @throws HF103 unusable parameter; HF207 rows, labels or weights that cannot be trained on; HF504
 *   shapes or names of features; HF505 one class only; HF502 the library failed; HF930 cancelled.
 */
export function trainModel(
  library: Xgboost,
  task: TrainingTask,
  surroundings: TrainingSurroundings,
): TrainingResult {
  const started = performance.now();
  checkTask(task);
  const { threads } = surroundings;
  const settled = parameterList(task, threads);
  const known = knownCategories(task.categorical, categoriesOf(task));
  using trainSet = createMatrix(library, task, task.trainRows, known, threads);
  const stops = task.stopRows.length > 0;
  using stopSet = stops ? createMatrix(library, task, task.stopRows, known, threads) : undefined;
  const metricName = stops ? (settled.list.find(([name]) => name === 'eval_metric')?.[1] ?? '') : '';
  requireMetric(metricName, task, { field: 'eval_metric', library: 'XGBoost', example: 'aucpr' });
  try {
    const sets = stopSet === undefined ? [trainSet] : [trainSet, stopSet];
    using booster = library.createBooster(sets, settled.list);
    const rounds = runRounds(
      {
        metricName,
        isHigherBetter: isHigherBetter(metricName),
        grow: (round) => {
          booster.update(round - 1, trainSet);
          return true;
        },
        evaluate: () => (stopSet === undefined ? NaN : (booster.evaluate(0, stopSet)[0]?.value ?? NaN)),
      },
      task,
      surroundings,
    );
    const modelText = textOf(booster, rounds.kept, task);
    return {
      modelText,
      parameters: settled.parameters,
      trees: rounds.kept,
      rounds: rounds.run,
      stopMetric: { name: metricName, values: rounds.values },
      seconds: (performance.now() - started) / 1000,
      gain: gainOf(parseModelText(modelText)),
    };
  } catch (error) {
    throw explainRefusedValue(error);
  }
}

function textOf(booster: Booster, rounds: number, task: TrainingTask): string {
  using kept = booster.slice(rounds);
  kept.describeFeatures(task);
  kept.setAttribute(CATEGORIES_ATTRIBUTE, categoriesOf(task));
  return kept.toText();
}

function createMatrix(
  library: Xgboost,
  task: TrainingTask,
  rows: Uint32Array,
  known: ReadonlyMap<number, CategoryCodes>,
  threads: number,
): DataMatrix {
  // The block is released as soon as the library has its own copy.
  using block = rowBlock(task.features, rows, known);
  const { weights } = task;
  return library.createMatrix(
    block,
    {
      featureNames: task.featureNames,
      categorical: task.categorical,
      labels: Float32Array.from(rows, (row) => task.labels[row] ?? NaN),
      weights: weights === undefined ? undefined : Float32Array.from(rows, (row) => weights[row] ?? NaN),
    },
    threads,
  );
}
