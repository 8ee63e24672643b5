/** Training with early stopping, synchronous: for the learner's worker. */
import { HoldfastError } from '../../kernel/index.ts';
import type { TrainingResult, TrainingTask, TrainProgress } from '../learner.ts';
import type { Booster, Dataset, LightGbm } from './lightgbm.ts';
import { normaliseModelText } from './model-text.ts';
import { explainRefusedValue, isHigherBetter, parameterText } from './parameters.ts';
import { checkTask } from './task-checks.ts';
import { selectRows } from './row-selection.ts';

/** What a training run needs from around it. */
export interface TrainingSurroundings {
  readonly threads: number;
  readonly onProgress: TrainProgress;
  /** Asked before each round; true ends the run with HF930. */
  readonly isCancelled: () => boolean;
}

interface Rounds {
  readonly run: number;
  readonly kept: number;
  readonly metricName: string;
  readonly values: readonly number[];
}

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
): TrainingResult {
  const started = performance.now();
  checkTask(task);
  const parameters = parameterText(task, library.parameterNames(), surroundings.threads);
  using trainSet = createDataset(library, task, task.trainRows, parameters);
  const stops = task.stopRows.length > 0;
  using stopSet = stops ? createDataset(library, task, task.stopRows, parameters, trainSet) : undefined;
  using booster = library.createBooster(trainSet, parameters);
  if (stopSet !== undefined) booster.addValidation(stopSet);
  const rounds = runRounds(booster, task, surroundings);
  return {
    modelText: normaliseModelText(booster.toText(rounds.kept)),
    trees: rounds.kept,
    rounds: rounds.run,
    stopMetric: { name: rounds.metricName, values: rounds.values },
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

function runRounds(
  booster: Booster,
  task: TrainingTask,
  { onProgress, isCancelled }: TrainingSurroundings,
): Rounds {
  const metricNames = task.stopRows.length > 0 ? booster.metricNames() : [];
  const metricName = metricNames[0] ?? '';
  const stopsEarly = task.stopRows.length > 0 && task.earlyStoppingRounds > 0;
  if (stopsEarly && metricName === '') {
    throw new HoldfastError('HF103', {
      message: 'early stopping needs a metric and the parameters name none that LightGBM knows',
      hint: "set 'metric', for instance to average_precision",
      place: { field: 'metric' },
    });
  }
  const sign = isHigherBetter(metricName) ? 1 : -1;
  const values: number[] = [];
  let best = { round: 0, score: -Infinity };
  for (let round = 1; round <= task.rounds; round++) {
    if (isCancelled()) throw new HoldfastError('HF930', { message: 'training was interrupted' });
    const grew = booster.update();
    // A first round without a split still leaves the constant; a later one leaves nothing.
    if (!grew && round > 1) break;
    const value = metricName === '' ? undefined : booster.evaluate(metricNames.length)[0];
    if (value !== undefined) values.push(value);
    onProgress(round, value);
    const score = sign * (value ?? NaN);
    if (score > best.score) best = { round, score };
    if (!grew || (stopsEarly && round - best.round >= task.earlyStoppingRounds)) break;
  }
  const run = booster.rounds;
  return { run, kept: stopsEarly && best.round > 0 ? best.round : run, metricName, values };
}
