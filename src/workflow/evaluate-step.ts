import type { FoldedHorizon } from '../backtest/index.ts';
import { formatDate, monthOf } from '../domain/index.ts';
import { evaluateHorizon, type HorizonDetail, shareOfPositives } from '../evaluate/index.ts';
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import {
  type Decision,
  type FeatureEncoding,
  type LoadedSet,
  requireContract,
  type SplitMetrics,
  type StoredCalibrator,
  type StoredModel,
} from '../model/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import { loadTrainingMatrix, type TrainingMatrix } from '../train/index.ts';
import { baselinesOf } from './baselines.ts';
import type { Context } from './context.ts';
import { evaluationFile } from './evaluation-file.ts';
import { evaluateFolds } from './fold-evaluation.ts';
import { checkHorizons, checkResamples, checkRule, checkRuleScores } from './evaluation-checks.ts';
import { countMovedRows, refuseMovedRows } from './moved-rows.ts';
import { writeDocument } from './report-document.ts';
import { metricOptions, rowsOfSplits, type ScoredSet, scoreSet, splitMetrics } from './scored-set.ts';
import { observedToOf } from './observed-to.ts';
import { segmentReader, toldSegments, type ToldSegments } from './segment-values.ts';
import { setInUse } from './set-in-use.ts';
import type { StepOutcome } from './steps.ts';

export interface EvaluateOptions {
  /** Resamples of the bootstrap; default 1,000. */
  readonly resamples?: number;
  /** Past months on which models are trained and measured anew; default 0. */
  readonly folds?: number;
  /** Measures although rows of test were used in training, because the splits have moved since. */
  readonly allowMovedSplit?: boolean;
}

/** A model set as evaluated on the workspace's present training set. */
export interface SetEvaluation {
  readonly set: number;
  readonly setHash: string;
  /** Of the pack that the rows and the settings of the evaluation are from. */
  readonly packHash: string;
  readonly resamples: number;
  readonly evaluatedAt: string;
  /** Version of the training set that the rows are from. */
  readonly trainingSetVersion: number;
  readonly observedTo: string;
  readonly horizons: readonly HorizonEvaluation[];
}

export interface HorizonEvaluation {
  readonly days: number;
  readonly model: string;
  readonly version: number;
  readonly trees: number;
  readonly trainRows: number;
  readonly trainRate: number;
  readonly calibrator: StoredCalibrator['method'];
  readonly decision: Decision | null;
  readonly validation: SplitMetrics;
  readonly test: SplitMetrics;
  /** Above 0, the splits have moved and the figures of test flatter; null where the rows of then are gone. */
  readonly testRowsTrainedOn: number | null;
  readonly detail: HorizonDetail;
  /** Metrics of models of past months; only where folds were asked for. */
  readonly folds?: FoldedHorizon;
}

export interface EvaluateResult {
  readonly evaluation: SetEvaluation;
  /** Absolute path of the JSON file. */
  readonly file: string;
}

/** Evaluates the set in use on validation and test, by segment, by month and against baselines. */
export async function evaluateStep(
  context: Context,
  options: EvaluateOptions = {},
): Promise<StepOutcome<EvaluateResult>> {
  const { lake, clock, pack } = context;
  checkResamples(options.resamples);
  const set = await setInUse(context);
  const [first] = set.models;
  if (first === undefined) throw new HoldfastError('HF503', { message: 'the model set has no models' });
  await checkRule(context);
  requireContract(set.set, pack);
  checkHorizons(set, pack.file.horizons);
  const attached = await lake.attach([TRAINING_TABLE]);
  const version = attached[TRAINING_TABLE]?.version ?? 0;
  const moved = await countMovedRows(context, set, attached[TRAINING_TABLE]);
  refuseMovedRows(context, moved, options.allowMovedSplit === true);
  const { folds = 0, resamples = 1000 } = options;
  // First and apart, so that only one copy of the rows is in memory at a time.
  const folded = await evaluateFolds(context, { folds, resamples });
  const measured = await evaluateModels(context, set, first.encoding, options);
  const horizons = measured.map((horizon) => {
    const own = folded.get(horizon.days);
    const testRowsTrainedOn = moved.get(horizon.days) ?? null;
    return { ...horizon, testRowsTrainedOn, ...(own === undefined ? {} : { folds: own }) };
  });
  const evaluation: SetEvaluation = {
    set: set.set.id,
    setHash: set.set.hash,
    packHash: pack.hash,
    resamples,
    evaluatedAt: clock.now().toISOString(),
    trainingSetVersion: version,
    observedTo: await observedToOf(context),
    horizons,
  };
  const file = evaluationFile(context, set.set.id);
  await writeDocument(file, 'evaluation', evaluation);
  return {
    summary: `evaluated model set ${String(set.set.id)} on ${horizons.map(({ days, detail }) => `${String(days)} days: ${detail.split}`).join(', ')}`,
    result: { evaluation, file },
  };
}

/** Every model of the set on the rows of validation and test. */
async function evaluateModels(
  context: Context,
  set: LoadedSet,
  encoding: FeatureEncoding,
  options: EvaluateOptions,
): Promise<Omit<HorizonEvaluation, 'testRowsTrainedOn'>[]> {
  const segments = toldSegments(context.engine, encoding, context.pack.file.evaluation.segments);
  const matrix = await loadRows(context, encoding, segments);
  const scored = await scoreSet(context.learner, set, matrix);
  const task = context.progress.start('evaluate', { total: set.models.length, unit: 'horizons' });
  const horizons: Omit<HorizonEvaluation, 'testRowsTrainedOn'>[] = [];
  for (const [index, model] of set.models.entries()) {
    horizons.push(evaluateModel(context, { scored, index, model, segments }, options));
    task.update(index + 1);
    // Progress is drawn and an interruption heard between horizons: the work itself does not yield.
    await new Promise(setImmediate);
    if (context.signal?.aborted === true)
      throw new HoldfastError('HF930', { message: 'the evaluation was interrupted' });
  }
  task.done(`${groupDigits(scored.evaluationRows.length)} rows`);
  return horizons;
}

/** The training set with the models' own encoding, and the score of the pack's rule where it has one. */
async function loadRows(
  { engine, pack, progress }: Context,
  encoding: FeatureEncoding,
  segments: ToldSegments,
): Promise<TrainingMatrix> {
  const { rule } = pack.file.evaluation;
  const task = progress.start('read the training set');
  const matrix = await loadTrainingMatrix(
    engine,
    encoding,
    TRAINING_TABLE,
    pack.file.entity.key,
    pack.file.horizons.map((days) => ({ days, label: labelColumn(days), split: splitColumn(days) })),
    [
      ...(rule === undefined ? [] : [`coalesce(CAST(${rule.score} AS DOUBLE), 0.0)`]),
      ...segments.expressions,
    ],
  ).catch((cause: unknown) => {
    if (rule === undefined || !(cause instanceof HoldfastError) || cause.code !== 'HF401') throw cause;
    throw new HoldfastError('HF105', {
      message: `the score of the rule is no number that the engine can compute: ${cause.message}`,
      hint: 'write an SQL expression over features',
      place: { field: 'evaluation.rule.score' },
      cause,
    });
  });
  if (rule !== undefined) checkRuleScores(rule, matrix.extra[0] ?? new Float64Array());
  task.done(`${groupDigits(matrix.features.rows)} rows`);
  return matrix;
}

interface ModelOfSet {
  readonly scored: ScoredSet;
  readonly index: number;
  readonly model: StoredModel;
  readonly segments: ToldSegments;
}

function evaluateModel(
  { pack, config }: Context,
  { scored, index, model, segments }: ModelOfSet,
  { resamples = 1000 }: EvaluateOptions,
): Omit<HorizonEvaluation, 'testRowsTrainedOn'> {
  const { evaluation } = pack.file;
  const { statistics } = model;
  const options = { ...metricOptions(evaluation, model.decision), resamples, seed: config.learner.seed };
  const measured = splitMetrics(scored, index, options);
  // Scores of rows that the model learnt from would flatter it: what was stored of them is out of fold.
  const isRefit = model.choice?.selection?.refit === true;
  const splits = isRefit ? { ...measured, validation: model.metrics.validation } : measured;
  const split = 'rows' in splits.test ? 'test' : 'validation';
  const rows = rowsOfSplits(
    scored,
    index,
    ...(split === 'test' ? (['test'] as const) : (['stop', 'calibrate'] as const)),
  );
  const { labels } = rowsOfSplits(scored, index, 'calibrate');
  const detail = evaluateHorizon({
    split,
    rows,
    options,
    baselines: baselinesOf(scored, index, rows, model, evaluation),
    decileEdges: statistics.decileEdges,
    trainRate: statistics.baseRate,
    calibrateRate: shareOfPositives(labels),
    positiveWeight:
      model.choice?.imbalance.positiveWeight ?? Number(model.settings.parameters['scale_pos_weight'] ?? 1),
    segments: evaluation.segments.map((segment) => ({
      segment,
      valueOf: segmentReader(scored.matrix, model.encoding, segments, segment, rows.matrixRows),
    })),
    monthOf: (position) =>
      monthOf(formatDate(scored.matrix.days[rows.matrixRows[position] as number] as number)),
    least: evaluation.segment_least,
  });
  return {
    days: model.horizonDays,
    model: model.name,
    version: model.version,
    trees: model.settings.trees,
    trainRows: statistics.rows,
    trainRate: statistics.baseRate,
    calibrator: model.calibrator.method,
    decision: model.decision,
    ...splits,
    detail,
  };
}
