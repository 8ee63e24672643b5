/** Asks MLflow of model folders, where `.venv` has it. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { reasonToSkip } from '../domain/python-reference.ts';
import type { SampleValue } from '../../src/model/index.ts';

export const PYTHON = path.join(
  import.meta.dirname,
  `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
);

/** Why Python cannot be asked here, or the empty text; to be appended to the name of what is skipped. */
export function skippedWithoutPython(...modules: readonly string[]): string {
  const reason = reasonToSkip(...modules);
  return reason === null ? '' : ` (skipped: ${reason}, see \`npm test\`)`;
}

export type FeatureRow = Readonly<Record<string, SampleValue>>;

export interface MlflowQuestion {
  readonly folder: string;
  readonly rows: readonly FeatureRow[];
  /** With `values`: asks the booster that this flavor loads for raw scores of encoded rows. */
  readonly flavor?: 'lightgbm' | 'xgboost';
  readonly values?: readonly (readonly (number | null)[])[];
}

/** Columns by name, a number a row. */
export type Columns = Readonly<Record<string, readonly number[]>>;

export interface MlflowAnswer {
  readonly answer: Columns;
  /** For the columns of the input in the opposite order. */
  readonly reordered: Columns;
  /** Of the loader alone, with values of any Python type. */
  readonly unchecked: Columns;
  /** Of the loader, for the first row only. */
  readonly one: Columns;
  /** Of the loader, for no rows. */
  readonly none: Columns;
  /** The first index of the answer to rows that are counted from 100. */
  readonly index: number;
  /** What is said where the first column of the rows is not there. */
  readonly refusal: string | null;
  readonly refusalOfLoader: string | null;
  readonly example: Columns;
  /** What MLflow warned of while it loaded the folder. */
  readonly warnings: readonly string[];
  readonly booster: readonly number[] | null;
}

/** Asks all questions of one Python process, which takes seconds to start. */
export function askMlflow(questions: readonly MlflowQuestion[]): MlflowAnswer[] {
  const run = spawnSync(PYTHON, [path.join(import.meta.dirname, 'load_with_mlflow.py')], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`MLflow failed: ${run.stderr}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as MlflowAnswer[];
}

/** The largest difference between two columns; NaN where one has a value that the other has not. */
export function largestDifference(one: readonly number[] | undefined, other: readonly number[]): number {
  if (one?.length !== other.length) return Number.NaN;
  return Math.max(0, ...one.map((value, row) => Math.abs(value - (other[row] ?? Number.NaN))));
}
