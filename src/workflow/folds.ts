/** The walk along past months: at each, the models that could have existed then score the rows of the month. */
import {
  type Calendar,
  type Fold,
  type History,
  planFold,
  type PlannedModel,
  readCalendar,
} from '../backtest/index.ts';
import { remainingValueExpression } from '../decide/index.ts';
import { monthNumber, type ScoredColumns } from '../domain/index.ts';
import {
  groupDigits,
  HoldfastError,
  type Progress,
  type ProgressTask,
  silentProgress,
} from '../kernel/index.ts';
import { type FeatureEncoding, fitEncoding } from '../model/index.ts';
import type { Pack } from '../pack/index.ts';
import { halfColumn, historySelect, labelColumn, TRAINING_TABLE } from '../prepare/index.ts';
import {
  LEFT_OUT,
  loadTrainingMatrix,
  SPLIT,
  train,
  type TrainingMatrix,
  weightExpression,
} from '../train/index.ts';
import { refuseLeaks } from './audit-step.ts';
import type { Context } from './context.ts';
import { rowsOfSplits, scoredSet } from './scored-set.ts';

/** All rows at risk, loaded once for all folds. */
export interface PastRows {
  readonly matrix: TrainingMatrix;
  readonly history: History;
  readonly calendar: Calendar;
  readonly encoding: FeatureEncoding;
  /** Remaining value of each row, in the pack's currency; NaN where it is not known. */
  readonly values: Float64Array;
  readonly trainingSetVersion: number;
}

/** What the model of a past month says of the rows of that month. */
export interface FoldScores extends ScoredColumns {
  /** A number for each row's entity. */
  readonly entities: Uint32Array;
  readonly days: number;
  readonly trees: number;
  /** Base rate of its training rows. */
  readonly baseRate: number;
}

/** A fold with the scores of the horizons that have a model. */
export interface ScoredFold {
  readonly fold: Fold;
  readonly horizons: readonly FoldScores[];
}

const HISTORY_VIEW = 'rows_of_history';

/** Refuses packs without dates (HF207): there are no months to walk along. */
export function checkDated({ file }: Pack, hint: string): void {
  if (file.time !== undefined) return;
  throw new HoldfastError('HF207', {
    message: `the pack ${file.name} has no dates, so that there are no past months to walk along`,
    hint,
    place: { field: 'undated' },
  });
}

/** Says which of the walks have fewer months than were asked for: no more have a known outcome. */
export function warnFewer(
  { progress }: Context,
  option: '--folds' | '--months',
  asked: number,
  walks: readonly { readonly name: string; readonly months: number }[],
): void {
  const fewer = walks.filter(({ months }) => months < asked);
  if (fewer.length === 0) return;
  const found = fewer.map(({ name, months }) => `${name} ${groupDigits(months)}`).join(', ');
  progress.warn(
    `${option} asks for ${groupDigits(asked)} months, but the outcome is known of fewer: ${found}; those are used`,
  );
}

/**
 * Reads every row at risk of the training set. Category codes are fixed on all of them: a code says nothing of an
 * outcome, and a model takes a category that it never saw like a missing one.
 */
export async function loadPastRows(context: Context): Promise<PastRows> {
  const { engine, lake, pack, progress } = context;
  // A leak makes models of the past look as good as those of today.
  await refuseLeaks(context);
  const { horizons, entity } = pack.file;
  const attached = await lake.attach([TRAINING_TABLE]);
  const rows = historySelect(TRAINING_TABLE, engine.identifier(entity.key), horizons);
  const task = progress.start('read the history');
  const { matrix, encoding } = await readHistory(context, rows, 'true');
  task.done(`${groupDigits(matrix.features.rows)} rows`);
  const { days, entities } = matrix;
  const halves = matrix.horizons[0]?.splits ?? new Uint8Array();
  const history = {
    days,
    entities,
    inStopHalf: halves.map((half) => (half === SPLIT.stop ? 1 : 0)),
    horizons: matrix.horizons,
  };
  return {
    matrix,
    history,
    calendar: readCalendar(history),
    encoding,
    values: matrix.extra[0] ?? new Float64Array(days.length),
    trainingSetVersion: attached[TRAINING_TABLE]?.version ?? 0,
  };
}

/** The rows of the history, encoded by what was fitted on those that `where` selects. */
async function readHistory(
  { engine, pack }: Context,
  rows: string,
  where: string,
): Promise<Pick<PastRows, 'matrix' | 'encoding'>> {
  const { horizons, entity, value } = pack.file;
  await engine.execute(`CREATE OR REPLACE TEMPORARY VIEW ${HISTORY_VIEW} AS ${rows}`);
  const encoding = await fitEncoding(engine, pack, HISTORY_VIEW, where);
  const weights = weightExpression(engine, pack.file.learner.imbalance);
  const matrix = await loadTrainingMatrix(
    engine,
    encoding,
    HISTORY_VIEW,
    entity.key,
    horizons.map((days) => ({ days, label: labelColumn(days), split: halfColumn(days) })),
    [remainingValueExpression(engine, value), ...(weights === undefined ? [] : [weights])],
  );
  await engine.execute(`DROP VIEW ${HISTORY_VIEW}`);
  return { matrix, encoding };
}

/**
 * The rows as the models of a fold may see them. Category codes say nothing of the future, but a median does: what
 * cleaning goes by is fitted anew on the days that the fold trains on.
 */
async function rowsOfFold(context: Context, past: PastRows, { horizons }: Fold): Promise<PastRows> {
  const { engine, pack } = context;
  const last = horizons
    .flatMap((plan) => ('reason' in plan ? [] : [plan.trainTo]))
    .sort()
    .at(-1);
  if (pack.file.cleaning === undefined || last === undefined) return past;
  const rows = historySelect(TRAINING_TABLE, engine.identifier(pack.file.entity.key), pack.file.horizons);
  return { ...past, ...(await readHistory(context, rows, `observation_date <= CAST('${last}' AS DATE)`)) };
}

/**
 * Goes through the months (day numbers) in order and hands each to `visit`. A month without any model is visited
 * too, with no scores.
 */
export async function walkFolds(
  context: Context,
  past: PastRows,
  walk: {
    readonly name: string;
    readonly days: readonly number[];
    readonly visit: (fold: ScoredFold, day: number) => void;
  },
): Promise<void> {
  const { history, calendar } = past;
  const months = validationMonths(context.pack);
  const models = walk.days.length * history.horizons.length;
  const task = context.progress.start(walk.name, { total: models, unit: 'models' });
  for (const [index, day] of walk.days.entries()) {
    const fold = planFold(history, calendar, day, months);
    const before = index * history.horizons.length;
    const horizons = await scoreFold(context, past, fold, partOf(task, before));
    walk.visit({ fold, horizons }, day);
    task.update(before + history.horizons.length);
  }
  task.done(`${groupDigits(walk.days.length)} months`);
}

/** As many months as the pack's own split keeps for validation. */
function validationMonths({ file }: Pack): number {
  const split = file.time?.split;
  if (split === undefined) return 1;
  if (split.method === 'rolling') return split.validation;
  return Math.max(1, monthNumber(split.test_from) - monthNumber(split.validation_from));
}

async function scoreFold(
  context: Context,
  past: PastRows,
  fold: Fold,
  progress: Progress,
): Promise<FoldScores[]> {
  const { matrix, encoding } = await rowsOfFold(context, past, fold);
  const { pack, config, signal } = context;
  const trainable = fold.horizons.flatMap((plan, index) => {
    const horizon = matrix.horizons[index];
    return 'reason' in plan || horizon === undefined
      ? []
      : [{ ...horizon, splits: splitsOf(fold, plan, horizon.labels.length) }];
  });
  if (trainable.length === 0) return [];
  const foldMatrix = { ...matrix, horizons: trainable };
  // What the history reads after the remaining value, where the pack weighs rows.
  const [, rowWeights] = matrix.extra;
  const trained = await train({
    openLearner: (name, slot) => context.learner(name, slot),
    isDated: true,
    settings: pack.file.learner,
    threads: config.learner.threads,
    encoding,
    matrix: foldMatrix,
    ...(rowWeights === undefined ? {} : { rowWeights }),
    progress,
    ...(signal === undefined ? {} : { signal }),
  });
  const scored = scoredSet(
    {
      matrix: foldMatrix,
      evaluationRows: trained.evaluationRows,
      rawScores: trained.horizons.map(({ rawScores }) => rawScores),
    },
    trained.horizons.map(({ calibrator }) => calibrator),
  );
  return trained.horizons.map(({ days, settings, statistics }, index) => {
    const { matrixRows: _rows, ...rows } = rowsOfSplits(scored, index, 'test');
    return { days, trees: settings.trees, baseRate: statistics.baseRate, ...rows };
  });
}

/** The parts of a fold as the split codes that training goes by; the rows of the month are its test split. */
function splitsOf({ rows }: Fold, plan: PlannedModel, length: number): Uint8Array {
  const splits = new Uint8Array(length).fill(LEFT_OUT);
  const mark = (part: Uint32Array, code: number): void => {
    for (const row of part) splits[row] = code;
  };
  mark(plan.train, SPLIT.train);
  mark(plan.stop, SPLIT.stop);
  mark(plan.calibrate, SPLIT.calibrate);
  mark(rows, SPLIT.test);
  return splits;
}

/** The progress of trainings as parts of one task, so that its remaining time is that of all. */
function partOf(task: ProgressTask, before: number): Progress {
  let done = before;
  return {
    ...silentProgress,
    start: (_label, { total = 1 } = {}) => ({
      update: (rounds) => {
        task.update(done + Math.min(1, rounds / total));
      },
      done: () => {
        done += 1;
        task.update(done);
      },
    }),
  };
}
