import { chooseCalibrator, decileEdges } from '../domain/index.ts';
import { groupDigits, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import type { FeatureMatrix, Learner } from '../learner/index.ts';
import {
  categoricalColumns,
  type FeatureEncoding,
  type ModelContent,
  type SampleRow,
  type StoredCalibrator,
  type TrainingStatistics,
} from '../model/index.ts';
import type { LearnerSettings } from '../pack/index.ts';
import { featureStatistics } from './statistics.ts';
import { type HorizonRows, rowsIn, SPLIT, takeRows, type TrainingMatrix } from './training-matrix.ts';

export interface TrainParts {
  readonly learner: Learner;
  readonly settings: LearnerSettings;
  /** 0 means as many as the machine has. */
  readonly threads: number;
  readonly encoding: FeatureEncoding;
  readonly matrix: TrainingMatrix;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** One trained and calibrated horizon, with its raw scores on the rows it is evaluated on. */
export interface TrainedHorizon {
  readonly days: number;
  readonly modelText: string;
  readonly settings: ModelContent['settings'];
  readonly calibrator: StoredCalibrator;
  readonly statistics: TrainingStatistics;
  readonly samples: readonly SampleRow[];
  /** One a row of `evaluationRows`. */
  readonly rawScores: Float64Array;
  readonly seconds: number;
}

export interface Trained {
  readonly horizons: readonly TrainedHorizon[];
  /** Rows of the matrix that are in a validation or test split of some horizon, ascending. */
  readonly evaluationRows: Uint32Array;
}

const SAMPLES = 10;

/** Trains one model a horizon, each with early stopping on `stop` and a calibrator on `calibrate`. */
export async function train(parts: TrainParts): Promise<Trained> {
  const { matrix } = parts;
  const evaluationRows = anyRowsIn(matrix.horizons);
  const evaluation = takeRows(matrix.features, evaluationRows);
  const horizons: TrainedHorizon[] = [];
  for (const horizon of matrix.horizons) {
    checkTrainable(horizon);
    horizons.push(await trainHorizon(parts, horizon, evaluation, evaluationRows));
  }
  return { horizons, evaluationRows };
}

async function trainHorizon(
  parts: TrainParts,
  horizon: HorizonRows,
  evaluation: FeatureMatrix,
  evaluationRows: Uint32Array,
): Promise<TrainedHorizon> {
  const { learner, settings, matrix, encoding } = parts;
  const task = (parts.progress ?? silentProgress).start(`train ${String(horizon.days)} days`, {
    total: settings.rounds,
    unit: 'rounds',
  });
  const trainRows = rowsIn(horizon, 'train');
  const positives = countPositives(horizon, trainRows);
  const parameters = parametersOf(settings, horizon.days, trainRows.length, positives);
  const result = await learner.train(
    {
      features: matrix.features,
      featureNames: encoding.features.map(({ name }) => name),
      categorical: categoricalColumns(encoding),
      trainRows,
      stopRows: rowsIn(horizon, 'stop'),
      labels: horizon.labels,
      parameters,
      rounds: settings.rounds,
      earlyStoppingRounds: settings.early_stopping_rounds,
      seed: settings.seed,
      threads: parts.threads,
    },
    (round) => {
      task.update(round);
    },
    parts.signal,
  );
  if (result.converged === false)
    parts.progress?.warn(
      `${learner.name} at ${String(horizon.days)} days did not converge: a feature may tell the classes apart by itself; raise learner.parameters.l2`,
    );
  await using model = await learner.load(result.modelText);
  const rawScores = await model.predictRaw(evaluation);
  const validation = pick(horizon, rawScores, evaluationRows, SPLIT.stop, SPLIT.calibrate);
  task.done(
    `${groupDigits(trainRows.length)} rows${result.trees === 0 ? '' : `, ${groupDigits(result.trees)} trees of ${groupDigits(result.rounds)} rounds`}`,
  );
  return {
    days: horizon.days,
    modelText: result.modelText,
    settings: {
      parameters: result.parameters,
      rounds: result.rounds,
      trees: result.trees,
      earlyStoppingRounds: settings.early_stopping_rounds,
      seed: settings.seed,
    },
    calibrator: calibratorOf(matrix, horizon, rawScores, evaluationRows, settings.seed),
    statistics: {
      rows: trainRows.length,
      positives,
      baseRate: positives / trainRows.length,
      decileEdges: decileEdges(validation.scores),
      features: featureStatistics(matrix.features, encoding, trainRows),
      gain: Object.fromEntries(encoding.features.map(({ name }, index) => [name, result.gain[index] ?? 0])),
    },
    samples: sampleRows(evaluation, rawScores),
    rawScores,
    seconds: result.seconds,
  };
}

/** The calibrator that cross-fitting on the `calibrate` half chooses, fitted on all of that half. */
function calibratorOf(
  { entities }: TrainingMatrix,
  horizon: HorizonRows,
  rawScores: Float64Array,
  evaluationRows: Uint32Array,
  seed: number,
): StoredCalibrator {
  const { scores, labels, positions } = pick(horizon, rawScores, evaluationRows, SPLIT.calibrate);
  const { calibrator, ...choice } = chooseCalibrator(
    {
      rawScores: scores,
      labels,
      entities: positions.map((position) => entities[evaluationRows[position] as number] as number),
    },
    { seed },
  );
  return { ...calibrator, choice };
}

/** The learner's parameters for one horizon, with the weight of positives where the pack asks for balance. */
function parametersOf(
  settings: LearnerSettings,
  days: number,
  rows: number,
  positives: number,
): Record<string, string | number | boolean> {
  return {
    ...settings.parameters,
    ...(settings.balance ? { scale_pos_weight: (rows - positives) / positives } : {}),
    ...settings.by_horizon[`${String(days)}d`],
  };
}

/** A horizon needs both classes in training, and rows of both to calibrate on. */
function checkTrainable(horizon: HorizonRows): void {
  for (const split of ['train', 'stop', 'calibrate'] as const) {
    const rows = rowsIn(horizon, split);
    const positives = countPositives(horizon, rows);
    if (positives > 0 && positives < rows.length) continue;
    throw new HoldfastError(rows.length === 0 ? 'HF207' : 'HF505', {
      message: `horizon ${String(horizon.days)} days: the ${split} rows are ${groupDigits(rows.length)}, of which ${groupDigits(positives)} are positive`,
      hint:
        rows.length === 0
          ? 'deliver more data, or change the split of the pack'
          : 'both outcomes must occur in training and in validation: deliver more data, or change the split of the pack',
      place: { field: `split_${String(horizon.days)}d` },
    });
  }
}

function countPositives(horizon: HorizonRows, rows: Uint32Array): number {
  let positives = 0;
  for (const row of rows) positives += horizon.labels[row] as number;
  return positives;
}

/** Rows that are in a validation or test split of some horizon, ascending. */
export function anyRowsIn(horizons: readonly HorizonRows[]): Uint32Array {
  const length = horizons[0]?.splits.length ?? 0;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    if (horizons.some(({ splits }) => isEvaluation(splits[row] as number))) rows.push(row);
  }
  return Uint32Array.from(rows);
}

const isEvaluation = (code: number): boolean =>
  code === SPLIT.stop || code === SPLIT.calibrate || code === SPLIT.test;

/** Scores and labels of the evaluation rows that are in one of a horizon's splits. */
function pick(
  horizon: HorizonRows,
  scores: Float64Array,
  evaluationRows: Uint32Array,
  ...codes: readonly number[]
): { scores: Float64Array; labels: Float32Array; positions: Uint32Array } {
  const positions: number[] = [];
  evaluationRows.forEach((row, position) => {
    if (codes.includes(horizon.splits[row] as number)) positions.push(position);
  });
  return {
    positions: Uint32Array.from(positions),
    scores: Float64Array.from(positions, (position) => scores[position] as number),
    labels: Float32Array.from(
      positions,
      (position) => horizon.labels[evaluationRows[position] as number] as number,
    ),
  };
}

/** Evenly spaced rows with their raw scores, so that a served model can be compared with the trained one. */
function sampleRows(matrix: FeatureMatrix, rawScores: Float64Array): SampleRow[] {
  const count = Math.min(SAMPLES, matrix.rows);
  return Array.from({ length: count }, (_, sample) => {
    const row = Math.floor((sample * matrix.rows) / count);
    const values = Array.from({ length: matrix.columns }, (_unused, column) => {
      const value = matrix.data[column * matrix.rows + row] as number;
      return Number.isNaN(value) ? null : value;
    });
    return { values, raw: rawScores[row] as number };
  });
}
