/** The two public churn tables as matrices, for benchmarks and for the tests of accuracy. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hashOfNumbers } from '../src/domain/index.ts';
import { LEFT_OUT, SPLIT, type TrainingMatrix } from '../src/train/index.ts';
import type { FeatureEncoding } from '../src/model/index.ts';

const FOLDER =
  process.env['HOLDFAST_PUBLIC_DATA'] ?? path.resolve(import.meta.dirname, '..', '..', 'shared', 'data');

const TABLES = {
  ibm: {
    file: 'ibm-telco/WA_Fn-UseC_-Telco-Customer-Churn.csv',
    target: 'Churn',
    positive: 'Yes',
    leftOut: ['customerID'],
  },
  mlc: { file: 'mlc-churn/mlc_churn_5000.csv', target: 'churn', positive: 'yes', leftOut: [] },
} as const;

export type PublicTable = keyof typeof TABLES;

/** Path of a public table; undefined where it does not lie beside the checkout. */
export function publicTable(name: PublicTable): string | undefined {
  const file = path.join(FOLDER, TABLES[name].file);
  return existsSync(file) ? file : undefined;
}

/** A table as training sees it, every row in `train`. Text columns are categories in code-point order. */
export function readPublicTable(name: PublicTable): { matrix: TrainingMatrix; encoding: FeatureEncoding } {
  const { file, target, positive, leftOut } = TABLES[name];
  const [head = '', ...lines] = readFileSync(path.join(FOLDER, file), 'utf8').trim().split(/\r?\n/);
  const header = head.split(',');
  const rows = lines.map((line) => line.split(',').map((value) => value.trim()));
  const columnOf = (column: string): string[] => rows.map((row) => row[header.indexOf(column)] ?? '');
  const names = header.filter(
    (column) => column !== target && !(leftOut as readonly string[]).includes(column),
  );
  const data = new Float64Array(new SharedArrayBuffer(names.length * rows.length * 8));
  const features = names.map((column, index) => {
    const values = columnOf(column);
    const numeric = values.every((value) => value === '' || !Number.isNaN(Number(value)));
    const categories = numeric ? [] : [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
    const codes = new Map(categories.map((value, code) => [value, code]));
    values.forEach((value, row) => {
      data[index * rows.length + row] = numeric
        ? value === ''
          ? NaN
          : Number(value)
        : (codes.get(value) ?? NaN);
    });
    return { name: column, type: numeric ? ('numeric' as const) : ('categorical' as const), categories };
  });
  const labels = Float32Array.from(columnOf(target), (value) => (value === positive ? 1 : 0));
  return {
    encoding: { features, contractHash: name },
    matrix: {
      features: { rows: rows.length, columns: names.length, data },
      horizons: [{ days: 30, labels, splits: new Uint8Array(rows.length) }],
      entities: Uint32Array.from({ length: rows.length }, (_, row) => row),
      days: new Int32Array(rows.length),
      extra: [],
    },
  };
}

/**
 * The matrix with the test rows set apart: of each class the same share, drawn by the seed, or, for a number of
 * rows, all after it. The others are divided into train, stop and calibrate as 8 : 1 : 1.
 */
export function withTest(
  matrix: TrainingMatrix,
  test: { readonly share: number; readonly seed: number } | { readonly after: number },
): TrainingMatrix {
  const [horizon] = matrix.horizons;
  if (horizon === undefined) throw new RangeError('there is no horizon');
  const { labels } = horizon;
  const splits = new Uint8Array(labels.length).fill(LEFT_OUT);
  const seed = 'seed' in test ? test.seed : 0;
  for (const label of [0, 1]) {
    const rows = [...labels.keys()].filter((row) => labels[row] === label);
    rows.sort((a, b) => hashOfNumbers(seed, a) - hashOfNumbers(seed, b));
    const count = 'share' in test ? Math.round(test.share * rows.length) : 0;
    rows.forEach((row, place) => {
      const isTest = 'after' in test ? row >= test.after : place < count;
      splits[row] = isTest
        ? SPLIT.test
        : (([SPLIT.stop, SPLIT.calibrate] as number[])[place % 10] ?? SPLIT.train);
    });
  }
  return { ...matrix, horizons: [{ ...horizon, splits }] };
}
