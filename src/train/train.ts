import { availableParallelism } from 'node:os';
import { chooseCalibrator, decileEdges } from '../domain/index.ts';
import { groupDigits, HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import type { FeatureMatrix } from '../learner/index.ts';
import {
  categoricalColumns,
  type FeatureEncoding,
  type ModelContent,
  type SampleRow,
  type StoredCalibrator,
  type StoredImbalance,
  type StoredSelection,
  type TrainingStatistics,
} from '../model/index.ts';
import type { LearnerSettings } from '../pack/index.ts';
import { fitModel, type LearnerOpener, type TrainingGround } from './cross-validation.ts';
import { identicalRows } from './identical-rows.ts';
import { type SelectionInput, selectRecipe, type TunedRecipe } from './selection.ts';
import { featureStatistics } from './statistics.ts';
import { type SampleSource, scoredSamples } from './sample-rows.ts';
import {
  anyRowsIn,
  type HorizonRows,
  rowsIn,
  SPLIT,
  takeRows,
  type TrainingMatrix,
} from './training-matrix.ts';

export interface TrainParts {
  readonly openLearner: LearnerOpener;
  readonly settings: LearnerSettings;
  /** 0 means as many as the machine has. */
  readonly threads: number;
  readonly encoding: FeatureEncoding;
  readonly matrix: TrainingMatrix;
  /** Whether rows are split by time. */
  readonly isDated: boolean;
  /** Weight of each row of the matrix, where the pack weighs rows. */
  readonly rowWeights?: Float64Array;
  /** Rows that are stored with the models, with what these say of them. */
  readonly samples?: readonly SampleSource[];
  /** What tuning found, by days of the horizon; taken instead of what the pack says. */
  readonly tuned?: ReadonlyMap<number, TunedRecipe>;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** One trained and calibrated horizon, with its raw scores on the rows it is evaluated on. */
export interface TrainedHorizon {
  readonly days: number;
  readonly learner: { readonly name: string; readonly version: string };
  readonly modelText: string;
  readonly settings: ModelContent['settings'];
  readonly calibrator: StoredCalibrator;
  readonly statistics: TrainingStatistics;
  readonly samples: readonly SampleRow[];
  /** One a row of `evaluationRows`; of validation rows out of fold where the model learnt from them. */
  readonly rawScores: Float64Array;
  /** Null where there was nothing to choose. */
  readonly selection: StoredSelection | null;
  readonly imbalance: StoredImbalance;
  /** The rows of the matrix that calibrator and threshold rest on, with scores of models that never saw them. */
  readonly held: { readonly rows: Uint32Array; readonly rawScores: Float64Array };
  readonly seconds: number;
}

export interface Trained {
  readonly horizons: readonly TrainedHorizon[];
  /** Rows of the matrix that are in a validation or test split of some horizon, ascending. */
  readonly evaluationRows: Uint32Array;
}

/**
 * Trains one model a horizon: the candidate that folds choose, with early stopping on `stop` and a calibrator on
 * `calibrate`; or, refitted, on all rows but the test rows with a calibrator on scores out of fold.
 */
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
  const { settings, matrix, encoding } = parts;
  const progress = parts.progress ?? silentProgress;
  const ground = groundOf(parts, horizon);
  const tuned = parts.tuned?.get(horizon.days);
  const selected = await selectRecipe({
    ...judgingOf(parts, horizon, ground),
    ...(tuned === undefined ? {} : { tuned }),
    slots: slotsOf(parts.threads),
    progress,
  });
  const { recipe, refit } = selected;
  const task = progress.start(`train ${String(horizon.days)} days`, { total: recipe.rounds, unit: 'rounds' });
  const trainRows = refit?.rows ?? rowsIn(horizon, 'train');
  const positives = countPositives(horizon, trainRows);
  const fitted = await fitModel(
    ground,
    recipe,
    { train: trainRows, stop: refit === undefined ? rowsIn(horizon, 'stop') : new Uint32Array() },
    {
      onRound: (round) => {
        task.update(round);
      },
    },
  );
  const { result, learner } = fitted;
  if (result.converged === false)
    progress.warn(
      `${learner.name} at ${String(horizon.days)} days did not converge: a feature may tell the classes apart by itself; raise learner.parameters.l2`,
    );
  await using model = await learner.load(result.modelText);
  const predicted = await model.predictRaw(evaluation);
  const rawScores = refit === undefined ? predicted : withOutOfFold(predicted, evaluationRows, refit);
  const validation = pick(horizon, rawScores, evaluationRows, SPLIT.stop, SPLIT.calibrate);
  const held = refit ?? heldRows(horizon, rawScores, evaluationRows);
  task.done(
    `${groupDigits(trainRows.length)} rows${result.trees === 0 ? '' : `, ${groupDigits(result.trees)} trees of ${groupDigits(result.rounds)} rounds`}`,
  );
  const calibrator = calibratorOf(matrix, horizon, held, settings.seed);
  return {
    days: horizon.days,
    learner: { name: learner.name, version: learner.version },
    modelText: result.modelText,
    settings: {
      parameters: result.parameters,
      rounds: result.rounds,
      trees: result.trees,
      earlyStoppingRounds: refit === undefined ? settings.early_stopping_rounds : 0,
      seed: settings.seed,
    },
    selection: selected.record,
    imbalance: fitted.imbalance,
    calibrator,
    statistics: {
      rows: trainRows.length,
      positives,
      baseRate: positives / trainRows.length,
      decileEdges: decileEdges(validation.scores),
      features: featureStatistics(matrix.features, encoding, trainRows),
      gain: Object.fromEntries(encoding.features.map(({ name }, index) => [name, result.gain[index] ?? 0])),
    },
    samples: scoredSamples(
      parts.samples ?? [],
      matrix.features,
      { evaluationRows, rawScores: predicted },
      calibrator,
    ),
    rawScores,
    held: { rows: held.rows, rawScores: held.scores },
    seconds: result.seconds,
  };
}

/** What folds of a horizon are made of. */
export function judgingOf(
  { settings, matrix, isDated }: Pick<TrainParts, 'settings' | 'matrix' | 'isDated'>,
  horizon: HorizonRows,
  ground: TrainingGround,
): Omit<SelectionInput, 'progress' | 'slots' | 'tuned'> {
  const groups = isDated ? matrix.entities : identicalRows(matrix.features);
  return { ground, settings, horizon, groups, days: matrix.days, isDated };
}

/** What the trainings of a horizon share. */
export function groundOf(parts: Omit<TrainParts, 'isDated'>, horizon: HorizonRows): TrainingGround {
  const { settings, matrix, encoding, rowWeights, signal } = parts;
  return {
    openLearner: parts.openLearner,
    features: matrix.features,
    featureNames: encoding.features.map(({ name }) => name),
    categorical: categoricalColumns(encoding),
    labels: horizon.labels,
    imbalance: settings.imbalance,
    earlyStoppingRounds: settings.early_stopping_rounds,
    seed: settings.seed,
    threads: parts.threads,
    ...(rowWeights === undefined ? {} : { rowWeights }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Trainings side by side: one a thread, but no more than there are usually folds. */
export const slotsOf = (threads: number): number =>
  Math.min(5, threads > 0 ? threads : availableParallelism());

interface HeldRows {
  readonly rows: Uint32Array;
  readonly scores: Float64Array;
}

/** The `calibrate` half: rows that neither trees nor early stopping went by. */
function heldRows(horizon: HorizonRows, rawScores: Float64Array, evaluationRows: Uint32Array): HeldRows {
  const { scores, positions } = pick(horizon, rawScores, evaluationRows, SPLIT.calibrate);
  return { scores, rows: positions.map((position) => evaluationRows[position] as number) };
}

/** The model's scores, but those of folds for rows that it learnt from. */
function withOutOfFold(scores: Float64Array, evaluationRows: Uint32Array, held: HeldRows): Float64Array {
  const scoreOf = new Map(Array.from(held.rows, (row, index) => [row, held.scores[index] as number]));
  return scores.map((score, position) => scoreOf.get(evaluationRows[position] as number) ?? score);
}

/** The calibrator that cross-fitting on rows that the model did not learn from chooses, fitted on all of them. */
function calibratorOf(
  { entities }: TrainingMatrix,
  { labels }: HorizonRows,
  { rows, scores }: HeldRows,
  seed: number,
): StoredCalibrator {
  const { calibrator, ...choice } = chooseCalibrator(
    {
      rawScores: scores,
      labels: Float32Array.from(rows, (row) => labels[row] as number),
      entities: rows.map((row) => entities[row] as number),
    },
    { seed },
  );
  return { ...calibrator, choice };
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
