/** The loader of model folders encodes a row as Holdfast does, whatever its values look like. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { encodeRow, type FeatureEncoding } from '../../src/model/index.ts';
import { PYTHON, skippedWithoutPython } from './mlflow.ts';

const SKIPPED = skippedWithoutPython('numpy', 'pandas');

const CATEGORIES = [
  '',
  '-1',
  '0.00001',
  '1',
  '1.5',
  '18',
  '1e+21',
  '1e-7',
  '2.0',
  'Infinity',
  'b"c',
  'true',
  'é',
];
const ENCODING: FeatureEncoding = {
  contractHash: 'any',
  features: [
    { name: 'plain', type: 'numeric', categories: [] },
    {
      name: 'bounded',
      type: 'numeric',
      categories: [],
      cleaning: {
        possible: [0, null],
        outliers: { method: 'iqr', action: 'cap', lower: 1.5, upper: 90.25 },
        missing: { rule: 'median', value: 7 },
      },
    },
    {
      name: 'flagged',
      type: 'numeric',
      categories: [],
      cleaning: {
        possible: [-10, 1e6],
        outliers: { method: 'zscore', action: 'flag', lower: -1, upper: 20 },
      },
    },
    { name: 'flagged_outlier', type: 'numeric', categories: [], outlierOf: 'flagged' },
    { name: 'kind', type: 'categorical', categories: CATEGORIES },
    {
      name: 'filled',
      type: 'categorical',
      categories: CATEGORIES,
      cleaning: { missing: { rule: 'mode', value: 3 } },
    },
    { name: 'empty', type: 'categorical', categories: [] },
  ],
};

const NUMBERS = [
  ...[null, 0, -1, 1.5, 1.4999999999999998, 90.25, 91, 20, 20.000000000000004, 1e6, 1000001, 1e300, 2 ** 53],
  ...[true, false, '12', '+1.5e1', '.5', '5.', '-0', '1e400'],
];
const NO_NUMBERS = ['', ' 1', '1_000', '0x10', '١', 'Infinity', 'nan', '1\n', [1]];
const TEXTS = [
  ...[null, ...CATEGORIES, 'never seen', 'True', '2'],
  ...[1, 2, 2.5, 1.5, 18, -1, 1e21, 1e-7, 0.00001, true, false, 0],
];
const NO_TEXTS = [[1], { a: 1 }];

const row = (plain: unknown, kind: unknown): Record<string, unknown> => ({
  ...{ plain, bounded: plain, flagged: plain, kind, filled: kind, empty: kind },
  more: 'than is needed',
});

test.skipIf(SKIPPED !== '')(`a row is encoded alike, or refused alike${SKIPPED}`, () => {
  const rows = [
    ...[...NUMBERS, ...NO_NUMBERS].map((value) => row(value, 'é')),
    ...[...TEXTS, ...NO_TEXTS].map((value) => row(3, value)),
    { plain: 1, bounded: 1, kind: 'é' },
  ];
  const loader = path.join(import.meta.dirname, '../../src/model/python/holdfast_model.py');
  const script = path.join(import.meta.dirname, 'encode_with_loader.py');
  const input = JSON.stringify({ features: ENCODING.features, rows });
  const run = spawnSync(PYTHON, [script, loader], { input, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const encoded = JSON.parse(run.stdout.replaceAll('Infinity,', '1e999,')) as ((number | null)[] | string)[];
  const refused = rows.filter((_, index) => typeof encoded[index] === 'string');
  expect(refused).toHaveLength(NO_NUMBERS.length + NO_TEXTS.length + 1);
  for (const [index, values] of rows.entries()) {
    const given = encoded[index] ?? '';
    if (typeof given === 'string') expect(() => encodeRow(ENCODING, values), given).toThrow();
    else
      expect(
        given.map((value) => value ?? Number.NaN),
        JSON.stringify(values),
      ).toEqual([...encodeRow(ENCODING, values)]);
  }
});
