import { groupDigits, VERSION } from '../kernel/index.ts';
import type { Snapshot } from '../lake/index.ts';
import {
  type FeatureEncoding,
  fitEncoding,
  type ModelContent,
  type ModelSet,
  type Provenance,
  storeModel,
  storeSet,
  type StoredModel,
} from '../model/index.ts';
import type { Pack } from '../pack/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import {
  type HorizonRows,
  loadTrainingMatrix,
  readSampleRows,
  train,
  type TrainedHorizon,
  type TrainingMatrix,
  weightExpression,
} from '../train/index.ts';
import { refuseLeaks } from './audit-step.ts';
import { logCleaning } from './cleaning-log.ts';
import type { Context } from './context.ts';
import { registerSet, type Standing } from './models/register-set.ts';
import { observedToOf } from './observed-to.ts';
import { calibrationEffect } from './calibration-effect.ts';
import { decisionsOf, type HeldHorizon, metricOptions, scoredSet, splitMetrics } from './scored-set.ts';
import type { StepOutcome } from './steps.ts';
import { readTuned } from './tuned-settings.ts';

export interface TrainResult {
  readonly set: ModelSet;
  readonly models: readonly TrainedModelSummary[];
  /** What the set is in the registry: training the same again gives a set that is known. */
  readonly standing: Standing;
}

export interface TrainedModelSummary {
  readonly name: string;
  readonly version: number;
  readonly trees: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly metrics: ModelContent['metrics'];
}

/** The condition that a row of the training set is learnt from at some horizon. */
const trainingRowsOf = ({ file }: Pack): string =>
  file.horizons.map((days) => `${splitColumn(days)} = 'train'`).join(' OR ');

/** The training set as one matrix, with the weights of rows where the pack weighs them. */
export async function loadTrainingRows(context: Context): Promise<{
  readonly matrix: TrainingMatrix;
  readonly encoding: FeatureEncoding;
  readonly snapshot: Snapshot | undefined;
}> {
  const { engine, lake, pack, progress } = context;
  const { horizons } = pack.file;
  const attached = await lake.attach([TRAINING_TABLE]);
  const encoding = await fitEncoding(engine, pack, TRAINING_TABLE, trainingRowsOf(pack));
  const weights = weightExpression(engine, pack.file.learner.imbalance);
  const loading = progress.start('read the training set');
  const matrix = await loadTrainingMatrix(
    engine,
    encoding,
    TRAINING_TABLE,
    pack.file.entity.key,
    horizons.map((days) => ({ days, label: labelColumn(days), split: splitColumn(days) })),
    weights === undefined ? [] : [weights],
  );
  loading.done(`${groupDigits(matrix.features.rows)} rows`);
  return { matrix, encoding, snapshot: attached[TRAINING_TABLE] };
}

/** Enough to see how sure a figure is; `holdfast evaluate` draws more. */
const TRAIN_RESAMPLES = 200;

/** Trains a model a horizon, evaluates them as a set and registers it as challenger. HF506 for a leak. */
export async function trainStep(
  context: Context,
  options: { readonly tuned?: boolean } = {},
): Promise<StepOutcome<TrainResult>> {
  const { engine, pack, folders, progress, config, signal } = context;
  await refuseLeaks(context);
  const { horizons } = pack.file;
  const tuned = options.tuned === true ? await readTuned(context) : undefined;
  const { matrix, encoding, snapshot } = await loadTrainingRows(context);
  const samples = await readSampleRows(
    engine,
    {
      table: TRAINING_TABLE,
      key: pack.file.entity.key,
      horizons: horizons.map((days) => ({ split: splitColumn(days) })),
      encoding,
    },
    matrix,
  );
  const trained = await train({
    openLearner: (name, slot) => context.learner(name, slot),
    settings: pack.file.learner,
    threads: config.learner.threads,
    encoding,
    matrix,
    samples,
    isDated: pack.file.time !== undefined,
    ...(tuned === undefined ? {} : { tuned }),
    ...(matrix.extra[0] === undefined ? {} : { rowWeights: matrix.extra[0] }),
    progress,
    ...(signal === undefined ? {} : { signal }),
  });
  const scored = scoredSet(
    {
      matrix,
      evaluationRows: trained.evaluationRows,
      rawScores: trained.horizons.map(({ rawScores }) => rawScores),
    },
    trained.horizons.map(({ calibrator }) => calibrator),
  );
  const decisions = decisionsOf(
    scored,
    pack.file.evaluation,
    trained.horizons.map((horizon, index) => outOfFoldOf(horizon, matrix.horizons[index])),
  );
  const evaluating = progress.start('evaluate', { total: horizons.length, unit: 'horizons' });
  const metrics = trained.horizons.map((_, index) => {
    const options = metricOptions(pack.file.evaluation, decisions[index] ?? null);
    const evaluated = splitMetrics(scored, index, {
      ...options,
      resamples: TRAIN_RESAMPLES,
      seed: config.learner.seed,
    });
    evaluating.update(index + 1);
    return evaluated;
  });
  evaluating.done(`95 % intervals from ${String(TRAIN_RESAMPLES)} resamples of entities`);
  const lineage = {
    packName: pack.file.name,
    packHash: pack.hash,
    tables: { [TRAINING_TABLE]: snapshot?.version ?? 0, ...snapshot?.info.inputs },
    observedTo: await observedToOf(context),
  };
  const stored: StoredModel[] = [];
  for (const [index, horizon] of trained.horizons.entries()) {
    const content: ModelContent = {
      horizonDays: horizon.days,
      learner: horizon.learner,
      modelText: horizon.modelText,
      encoding,
      statistics: horizon.statistics,
      calibrator: horizon.calibrator,
      choice: {
        selection: horizon.selection,
        imbalance: horizon.imbalance,
        calibrationEffect: calibrationEffect(scored, index),
      },
      decision: decisions[index] ?? null,
      settings: horizon.settings,
      metrics: metrics[index] ?? {
        validation: { reason: 'not evaluated' },
        test: { reason: 'not evaluated' },
      },
      samples: horizon.samples,
      lineage,
    };
    stored.push(await storeModel(folders.models, content, provenanceOf(context, snapshot)));
  }
  const set = await storeSet(folders.models, stored, pack.hash);
  const standing = await registerSet(context, set, stored, { origin: 'trained', run: context.runId });
  const cleaned = await logCleaning(context, encoding, {
    purpose: 'train',
    modelSet: set.id,
    table: TRAINING_TABLE,
    where: trainingRowsOf(pack),
  });
  const models = trained.horizons.map((horizon, index) => ({
    name: stored[index]?.name ?? '',
    version: stored[index]?.version ?? 0,
    trees: horizon.settings.trees,
    rounds: horizon.settings.rounds,
    seconds: horizon.seconds,
    metrics: metrics[index] ?? { validation: { reason: 'not evaluated' }, test: { reason: 'not evaluated' } },
  }));
  return {
    summary: `trained model set ${String(set.id)}: ${[...models.map(describe), ...(cleaned === undefined ? [] : [cleaned])].join('; ')}`,
    result: { set, models, standing },
  };
}

function outOfFoldOf(
  { selection, held, calibrator }: TrainedHorizon,
  horizon: HorizonRows | undefined,
): HeldHorizon | undefined {
  if (selection?.refit !== true || horizon === undefined) return undefined;
  const labels = Float32Array.from(held.rows, (row) => horizon.labels[row] as number);
  return { labels, rawScores: held.rawScores, calibrator };
}

function describe({ name, metrics: { test, validation } }: TrainedModelSummary): string {
  const shown =
    'rows' in test && test.rows > 0
      ? { split: 'test', metrics: test }
      : { split: 'validation', metrics: validation };
  if (!('rows' in shown.metrics)) return `${name} ${shown.split} ${shown.metrics.reason}`;
  const number = (value: number | null | undefined): string => value?.toFixed(3) ?? 'unknown';
  const { metrics, baseRate, rows } = shown.metrics;
  return `${name} ${shown.split} AUC ${number(metrics['auc_roc']?.value)}, AUC-PR ${number(metrics['auc_pr']?.value)} at base rate ${number(baseRate)} (n ${groupDigits(rows)})`;
}

function provenanceOf({ runId, clock, user }: Context, trainedOn: Snapshot | undefined): Provenance {
  return {
    runId,
    createdAt: clock.now().toISOString(),
    createdBy: user,
    codeVersion: VERSION,
    ...(trainedOn === undefined ? {} : { trainingSetId: trainedOn.id }),
  };
}
