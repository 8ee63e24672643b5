import { userInfo } from 'node:os';
import { evaluateSplit } from '../evaluate/index.ts';
import { groupDigits } from '../kernel/index.ts';
import {
  coherentProbabilities,
  fitEncoding,
  type ModelContent,
  type ModelSet,
  type SplitMetrics,
  storeModel,
  storeSet,
  type StoredModel,
} from '../model/index.ts';
import { labelColumn, LABELS_TABLE, splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import { loadTrainingMatrix, pick, SPLIT, train, type Trained, type TrainingMatrix } from '../train/index.ts';
import { VERSION } from '../kernel/index.ts';
import { refuseLeaks } from './audit-step.ts';
import type { Context } from './context.ts';
import type { StepOutcome } from './steps.ts';

export interface TrainResult {
  readonly set: ModelSet;
  readonly models: readonly TrainedModelSummary[];
}

export interface TrainedModelSummary {
  readonly name: string;
  readonly version: number;
  readonly trees: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly metrics: ModelContent['metrics'];
}

/** Trains a model a horizon, evaluates them as a set and makes that set the one in use. HF506 for a leak. */
export async function trainStep(context: Context): Promise<StepOutcome<TrainResult>> {
  const { engine, lake, pack, folders, progress, config, signal } = context;
  await refuseLeaks(context);
  const { horizons } = pack.file;
  const attached = await lake.attach([TRAINING_TABLE]);
  const snapshot = attached[TRAINING_TABLE];
  const trainingRows = horizons.map((days) => `${splitColumn(days)} = 'train'`).join(' OR ');
  const encoding = await fitEncoding(engine, pack, TRAINING_TABLE, trainingRows);
  const loading = progress.start('read the training set');
  const matrix = await loadTrainingMatrix(
    engine,
    encoding,
    TRAINING_TABLE,
    pack.file.entity.key,
    horizons.map((days) => ({ days, label: labelColumn(days), split: splitColumn(days) })),
  );
  loading.done(`${groupDigits(matrix.features.rows)} rows`);
  const learner = await context.learner();
  const trained = await train({
    learner,
    settings: pack.file.learner,
    threads: config.learner.threads,
    encoding,
    matrix,
    progress,
    ...(signal === undefined ? {} : { signal }),
  });
  const metrics = evaluateTrained(matrix, trained);
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
      learner: { name: learner.name, version: learner.version },
      modelText: horizon.modelText,
      encoding,
      statistics: horizon.statistics,
      calibrator: { method: 'isotonic', knots: horizon.knots },
      settings: horizon.settings,
      metrics: metrics[index] ?? {
        validation: { reason: 'not evaluated' },
        test: { reason: 'not evaluated' },
      },
      samples: horizon.samples,
      lineage,
    };
    stored.push(await storeModel(folders.models, content, provenanceOf(context)));
  }
  const set = await storeSet(folders.models, stored, pack.hash);
  const models = trained.horizons.map((horizon, index) => ({
    name: stored[index]?.name ?? '',
    version: stored[index]?.version ?? 0,
    trees: horizon.settings.trees,
    rounds: horizon.settings.rounds,
    seconds: horizon.seconds,
    metrics: metrics[index] ?? { validation: { reason: 'not evaluated' }, test: { reason: 'not evaluated' } },
  }));
  return {
    summary: `trained model set ${String(set.id)}: ${models.map(describe).join('; ')}`,
    result: { set, models },
  };
}

/** Metrics of each horizon on validation and test, with probabilities as they are served: calibrated and coherent. */
function evaluateTrained(matrix: TrainingMatrix, trained: Trained): ModelContent['metrics'][] {
  const probabilities = coherentProbabilities(
    trained.horizons.map(({ knots }) => knots),
    trained.horizons.map(({ rawScores }) => rawScores),
  );
  return trained.horizons.map((horizon, index) => {
    const rows = matrix.horizons[index];
    const calibrated = probabilities[index];
    const on = (...codes: readonly number[]): SplitMetrics => {
      if (rows === undefined || calibrated === undefined) return { reason: 'not evaluated' };
      const { scores, labels, positions } = pick(rows, horizon.rawScores, trained.evaluationRows, ...codes);
      return evaluateSplit({
        labels,
        rawScores: scores,
        probabilities: Float64Array.from(positions, (position) => calibrated[position] as number),
      });
    };
    return { validation: on(SPLIT.stop, SPLIT.calibrate), test: on(SPLIT.test) };
  });
}

function describe({ name, metrics: { test, validation } }: TrainedModelSummary): string {
  const shown =
    'rows' in test && test.rows > 0
      ? { split: 'test', metrics: test }
      : { split: 'validation', metrics: validation };
  if (!('rows' in shown.metrics)) return `${name} ${shown.split} ${shown.metrics.reason}`;
  const number = (value: number | null): string => (value === null ? 'unknown' : value.toFixed(3));
  return `${name} ${shown.split} AUC ${number(shown.metrics.areaUnderRoc)}, AUC-PR ${number(shown.metrics.averagePrecision)} at base rate ${number(shown.metrics.baseRate)} (n ${groupDigits(shown.metrics.rows)})`;
}

async function observedToOf({ lake }: Context): Promise<string> {
  const { info } = await lake.snapshot(LABELS_TABLE);
  const observed = info.holdfast['observedTo'];
  return typeof observed === 'string' ? observed : '';
}

function provenanceOf({ runId, clock }: Context): {
  runId: string;
  createdAt: string;
  createdBy: string;
  codeVersion: string;
} {
  return {
    runId,
    createdAt: clock.now().toISOString(),
    createdBy: userInfo().username,
    codeVersion: VERSION,
  };
}
