/** What is done about rare positives, to the rows that are learnt from and to no others. */
import { smote } from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import type { FeatureMatrix, TrainingTask } from '../learner/index.ts';
import type { StoredImbalance } from '../model/index.ts';
import type { Imbalance } from '../pack/index.ts';

export interface ImbalanceInput {
  readonly imbalance: Imbalance;
  /** Which learner is asked; some take the weight of positives as a parameter of their own. */
  readonly learner: string;
  readonly features: FeatureMatrix;
  readonly categorical: readonly number[];
  readonly labels: Float32Array;
  readonly trainRows: Uint32Array;
  readonly stopRows: Uint32Array;
  /** Weight of each row of the matrix, for the method `weights`. */
  readonly rowWeights?: Float64Array;
  readonly seed: number;
}

export interface ImbalanceOutcome {
  readonly task: Pick<TrainingTask, 'features' | 'labels' | 'trainRows' | 'stopRows' | 'weights'>;
  readonly parameters: Readonly<Record<string, number>>;
  readonly record: StoredImbalance;
}

/** Learners with a parameter for the weight of positives. */
const WITH_POSITIVE_WEIGHT = new Set(['lightgbm', 'xgboost']);

/** The task of a training with the method applied to its train rows. */
export function withImbalance(input: ImbalanceInput): ImbalanceOutcome {
  const { imbalance, features, labels, trainRows, stopRows } = input;
  const positives = sumOf(trainRows, labels);
  const negatives = trainRows.length - positives;
  const record = {
    method: imbalance.method,
    rows: trainRows.length,
    positives,
    synthetic: 0,
    positiveWeight: 1,
  };
  const plain = { features, labels, trainRows, stopRows };
  switch (imbalance.method) {
    case 'none':
      return { task: plain, parameters: {}, record };
    case 'balanced': {
      const positiveWeight = negatives / positives;
      const known = { ...record, positiveWeight };
      if (WITH_POSITIVE_WEIGHT.has(input.learner))
        return { task: plain, parameters: { scale_pos_weight: positiveWeight }, record: known };
      const weights = new Float32Array(features.rows).fill(1);
      for (const row of trainRows) if (labels[row] === 1) weights[row] = positiveWeight;
      return { task: { ...plain, weights }, parameters: {}, record: known };
    }
    case 'weights': {
      const weights = Float32Array.from(input.rowWeights ?? new Float64Array(features.rows).fill(1));
      const all = sumOf(trainRows, weights);
      const ofPositives = sumOf(
        trainRows.filter((row) => labels[row] === 1),
        weights,
      );
      return {
        task: { ...plain, weights },
        parameters: {},
        record: { ...record, positiveWeight: ofPositives / (all - ofPositives) / (positives / negatives) },
      };
    }
    case 'smote': {
      const count = Math.max(0, Math.round(imbalance.ratio * negatives) - positives);
      const task = withSynthetic(input, count, imbalance.neighbours);
      return {
        task,
        parameters: {},
        record: { ...record, synthetic: count, positiveWeight: (positives + count) / positives },
      };
    }
  }
}

/** A matrix of the train rows, the synthetic ones and then the stop rows, which stay as they are. */
function withSynthetic(input: ImbalanceInput, count: number, neighbours: number): ImbalanceOutcome['task'] {
  const { features, categorical, labels, trainRows, stopRows, seed } = input;
  const minority = trainRows.filter((row) => labels[row] === 1);
  const made = smote(
    {
      rows: minority.length,
      columns: features.columns,
      data: columnsOf(features, minority),
      categorical,
    },
    { count, neighbours, seed },
  );
  const learnt = trainRows.length + count;
  const rows = learnt + stopRows.length;
  const data = new Float64Array(
    new SharedArrayBuffer(rows * features.columns * Float64Array.BYTES_PER_ELEMENT),
  );
  const [real, judged] = [columnsOf(features, trainRows), columnsOf(features, stopRows)];
  for (let column = 0; column < features.columns; column++) {
    const at = column * rows;
    data.set(real.subarray(column * trainRows.length, (column + 1) * trainRows.length), at);
    data.set(made.subarray(column * count, (column + 1) * count), at + trainRows.length);
    data.set(judged.subarray(column * stopRows.length, (column + 1) * stopRows.length), at + learnt);
  }
  const newLabels = new Float32Array(rows).fill(1);
  trainRows.forEach((row, index) => {
    newLabels[index] = labels[row] as number;
  });
  stopRows.forEach((row, index) => {
    newLabels[learnt + index] = labels[row] as number;
  });
  const indexes = Uint32Array.from({ length: rows }, (_, index) => index);
  return {
    features: { rows, columns: features.columns, data },
    labels: newLabels,
    trainRows: indexes.slice(0, learnt),
    stopRows: indexes.slice(learnt),
  };
}

/** SQL of the weight of each row, over the alias `rows`; undefined where rows are not weighed. */
export function weightExpression(engine: Engine, imbalance: Imbalance): string | undefined {
  if (imbalance.method !== 'weights') return undefined;
  const column = `rows.${engine.identifier(imbalance.column)}`;
  const otherwise = String(imbalance.otherwise);
  if (imbalance.by === undefined) return `coalesce(CAST(${column} AS DOUBLE), ${otherwise})`;
  const cases = Object.entries(imbalance.by).map(
    ([value, weight]) => `WHEN ${engine.literal(value)} THEN ${String(weight)}`,
  );
  return `CASE CAST(${column} AS STRING) ${cases.join(' ')} ELSE ${otherwise} END`;
}

function columnsOf({ data, rows: height, columns }: FeatureMatrix, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length * columns);
  for (let column = 0; column < columns; column++)
    for (let index = 0; index < rows.length; index++)
      taken[column * rows.length + index] = data[column * height + (rows[index] as number)] as number;
  return taken;
}

function sumOf(rows: Uint32Array, values: Float32Array): number {
  let sum = 0;
  for (const row of rows) sum += values[row] as number;
  return sum;
}
