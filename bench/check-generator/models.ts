/** Plain models on the pack's features, scored once: by the published protocol and by Holdfast's own rules. */
import { type BinaryEvaluation, evaluateBinary } from '../../src/domain/index.ts';
import { categoricalColumns, type FeatureEncoding, fitEncoding } from '../../src/model/index.ts';
import { labelColumn, splitColumn, TRAINING_TABLE } from '../../src/prepare/index.ts';
import { loadTrainingMatrix, rowsIn, takeRows, type TrainingMatrix } from '../../src/train/index.ts';
import type { Context } from '../../src/workflow/index.ts';

export interface ModelEvaluation {
  readonly horizon: number;
  readonly validation: BinaryEvaluation;
  readonly test: BinaryEvaluation;
  readonly trees: number;
}

const PUBLISHED_ROWS = 'published_rows';

/**
 * The published protocol on the features of the workspace's build: all snapshots, those with an open cease kept
 * in, labels of the censored last month "no", one validation split that early stopping looks at.
 */
export async function evaluatePublishedProtocol(context: Context): Promise<ModelEvaluation> {
  const { engine, pack } = context;
  const key = engine.identifier(pack.file.entity.key);
  await context.lake.attach([pack.file.features.table]);
  await engine.execute(`
    CREATE OR REPLACE VIEW ${PUBLISHED_ROWS} AS
    SELECT features.*, snapshot.label AS published_label,
      CASE snapshot.split WHEN 'validation' THEN 'stop' ELSE snapshot.split END AS published_split
    FROM ${pack.file.features.table} AS features
    JOIN customer ON customer.unique_customer_identifier = features.${key}
    JOIN snapshot ON snapshot.customer = customer.customer AND snapshot.day = features.observation_date`);
  return evaluateTable(context, {
    table: PUBLISHED_ROWS,
    horizon: 30,
    label: 'published_label',
    split: 'published_split',
  });
}

/** Known labels and customers at risk only, as the workspace's training set has them. */
export async function evaluateOwnRules(context: Context, horizon: number): Promise<ModelEvaluation> {
  await context.lake.attach([TRAINING_TABLE]);
  return evaluateTable(context, {
    table: TRAINING_TABLE,
    horizon,
    label: labelColumn(horizon),
    split: splitColumn(horizon),
  });
}

interface LabelledTable {
  readonly table: string;
  readonly horizon: number;
  readonly label: string;
  readonly split: string;
}

async function evaluateTable(
  context: Context,
  { table, horizon, label, split }: LabelledTable,
): Promise<ModelEvaluation> {
  const { engine, pack, progress } = context;
  const encoding = await fitEncoding(engine, pack, table, `${split} = 'train'`);
  const matrix = await loadTrainingMatrix(engine, encoding, table, pack.file.entity.key, [
    { days: horizon, label, split },
  ]);
  const task = progress.start(`train ${String(horizon)} days on ${table}`);
  const { modelText, trees } = await trainPlain(context, matrix, encoding);
  const learner = await context.learner();
  await using model = await learner.load(modelText);
  const [labelled] = matrix.horizons;
  if (labelled === undefined) throw new Error('the matrix has no horizon');
  const evaluate = (rows: Uint32Array, rawScores: Float64Array): BinaryEvaluation =>
    evaluateBinary({
      labels: Float32Array.from(rows, (row) => labelled.labels[row] as number),
      rawScores,
      probabilities: rawScores.map(logistic),
    });
  const validationRows = rowsIn(labelled, 'stop', 'calibrate');
  const testRows = rowsIn(labelled, 'test');
  const evaluation = {
    horizon,
    trees,
    validation: evaluate(validationRows, await model.predictRaw(takeRows(matrix.features, validationRows))),
    test: evaluate(testRows, await model.predictRaw(takeRows(matrix.features, testRows))),
  };
  task.done(`${String(trees)} trees`);
  return evaluation;
}

async function trainPlain(
  context: Context,
  matrix: TrainingMatrix,
  encoding: FeatureEncoding,
): Promise<{ modelText: string; trees: number }> {
  const [horizon] = matrix.horizons;
  if (horizon === undefined) throw new Error('the matrix has no horizon');
  const { learner: settings } = context.pack.file;
  const trainRows = rowsIn(horizon, 'train');
  const positives = trainRows.reduce((sum, row) => sum + (horizon.labels[row] as number), 0);
  const learner = await context.learner();
  return learner.train({
    features: matrix.features,
    featureNames: encoding.features.map(({ name }) => name),
    categorical: categoricalColumns(encoding),
    trainRows,
    stopRows: rowsIn(horizon, 'stop', 'calibrate'),
    labels: horizon.labels,
    parameters: { ...settings.parameters, scale_pos_weight: (trainRows.length - positives) / positives },
    rounds: settings.rounds,
    earlyStoppingRounds: settings.early_stopping_rounds,
    seed: settings.seed,
    threads: context.config.learner.threads,
  });
}

const logistic = (score: number): number => 1 / (1 + Math.exp(-score));
