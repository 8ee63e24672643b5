/** What a training task must satisfy before native code sees it. */
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { TrainingTask } from './learner.ts';
import { checkMatrix } from './matrix.ts';

/** Category codes are 32-bit integers in the library. */
const CODE_MOST = 2 ** 31 - 1;

/**
 * @throws HF504 shapes or names of features; HF207 rows, labels, weights or category codes that
 *   cannot be trained on; HF505 when the train rows or the stop rows have one class only.
 */
export function checkTask(task: TrainingTask): void {
  checkMatrix(task.features);
  checkNames(task.featureNames, task.features.columns);
  checkLength('labels', task.labels, task.features.rows);
  if (task.weights !== undefined) checkLength('weights', task.weights, task.features.rows);
  for (const [name, rows] of [
    ['train', task.trainRows],
    ['stop', task.stopRows],
  ] as const) {
    checkRows(name, rows, task.features.rows);
    if (rows.length > 0 || name === 'train') checkLabels(name, rows, task.labels);
    if (task.weights !== undefined) checkWeights(name, rows, task.weights);
  }
  for (const column of task.categorical) checkCodes(task, column);
}

function checkNames(names: readonly string[], columns: number): void {
  if (names.length !== columns) {
    throw new HoldfastError('HF504', {
      message: `there are ${names.length} feature names for ${columns} columns`,
      hint: 'pass one name a column',
    });
  }
  const unusable = names.find(
    (name, index) => !/^[^\s",:=[\]{}\0]+$/.test(name) || names.indexOf(name) !== index,
  );
  if (unusable === undefined) return;
  throw new HoldfastError('HF504', {
    message: `'${unusable}' cannot be a feature name`,
    hint: 'use each name once, without spaces, quotes, commas, colons, equals signs or brackets',
    place: { field: unusable },
  });
}

function checkLength(what: string, values: Float32Array, rows: number): void {
  if (values.length === rows) return;
  throw unusable(`there are ${values.length} ${what} for ${rows} rows`, `pass one value a row`);
}

function checkRows(name: string, rows: Uint32Array, count: number): void {
  let previous = -1;
  for (const row of rows) {
    if (row <= previous || row >= count) {
      throw unusable(
        `the ${name} rows have index ${row} after ${previous} in a matrix of ${count} rows`,
        'pass ascending row indexes within the matrix, each once',
      );
    }
    previous = row;
  }
}

function checkLabels(name: string, rows: Uint32Array, labels: Float32Array): void {
  let positives = 0;
  for (const row of rows) {
    const label = labels[row];
    if (label !== 0 && label !== 1) {
      throw unusable(
        `row ${row} of the ${name} rows has the label ${label}`,
        'leave out rows whose label is not known',
      );
    }
    positives += label;
  }
  if (positives > 0 && positives < rows.length) return;
  throw new HoldfastError('HF505', {
    message:
      `the ${name} rows have one class only: ` +
      `${groupDigits(positives)} positive, ${groupDigits(rows.length - positives)} negative`,
    hint: 'widen the period of the split, or pick a longer horizon',
  });
}

function checkWeights(name: string, rows: Uint32Array, weights: Float32Array): void {
  for (const row of rows) {
    const weight = weights[row] ?? NaN;
    if (weight >= 0 && weight !== Infinity) continue;
    throw unusable(
      `row ${row} of the ${name} rows has the weight ${weight}`,
      'pass finite weights of at least 0',
    );
  }
}

function checkCodes({ features, featureNames, trainRows, stopRows }: TrainingTask, column: number): void {
  const name = featureNames[column];
  if (name === undefined) {
    throw unusable(`categorical column ${column} does not exist`, `pass indexes below ${features.columns}`);
  }
  const values = features.data.subarray(column * features.rows, (column + 1) * features.rows);
  for (const rows of [trainRows, stopRows]) {
    for (const row of rows) {
      const code = values[row] ?? NaN;
      if (Number.isNaN(code) || (Number.isInteger(code) && code >= 0 && code <= CODE_MOST)) continue;
      throw unusable(
        `categorical feature '${name}' has the value ${code} in row ${row}`,
        'code categories as whole numbers from 0, and missing ones as NaN',
      );
    }
  }
}

function unusable(message: string, hint: string): HoldfastError {
  return new HoldfastError('HF207', { message, hint });
}
