import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Engine, openDuckDb } from '../engine/index.ts';
import { encodeAndTell } from './encode-row.ts';
import type { EncodedFeature, FeatureEncoding } from './encoding.ts';
import { rowReader, toldSelect } from './told-rows.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 });
});
afterAll(() => engine[Symbol.asyncDispose]());

const CATEGORICAL = 70;
const CLEANED: EncodedFeature = {
  name: 'charge',
  type: 'numeric',
  categories: [],
  cleaning: {
    possible: [0, 1000],
    outliers: { method: 'iqr', action: 'flag', lower: 5, upper: 100 },
    missing: { rule: 'median', value: 40 },
  },
};
const ENCODING: FeatureEncoding = {
  features: [
    CLEANED,
    { name: 'charge_outlier', type: 'numeric', categories: [], outlierOf: 'charge' },
    ...Array.from({ length: CATEGORICAL }, (_, index): EncodedFeature => ({
      name: `kind_${String(index)}`,
      type: 'categorical',
      categories: index === 3 ? [] : ['a', "it's", 'z'],
      ...(index === 5 ? { cleaning: { missing: { rule: 'mode', value: 1 } } } : {}),
    })),
    { name: 'count', type: 'numeric', categories: [] },
  ],
  contractHash: '',
};

it('rows kept in memory are encoded as those of a request, however many categories are unheard of', async () => {
  const kinds = ['a', "it's", 'z', 'new', null, ''];
  const rows = Array.from({ length: 60 }, (_, row) => ({
    charge: [null, -1, 3, 40, 100, 999, 1001][row % 7] ?? null,
    ...Object.fromEntries(
      Array.from({ length: CATEGORICAL }, (_, index) => [
        `kind_${String(index)}`,
        kinds[(row * 7 + index * (row % 5)) % kinds.length] ?? null,
      ]),
    ),
    count: row % 4 === 0 ? null : row,
  }));
  const literal = (value: string | number | null): string =>
    value === null ? 'NULL' : typeof value === 'number' ? String(value) : engine.literal(value);
  const values = rows.map((row, index) => `(${[index, ...Object.values(row)].map(literal).join(', ')})`);
  const columns = ['id', ...Object.keys(rows[0] ?? {})].join(', ');
  const table = `(SELECT * FROM (VALUES ${values.join(', ')}) AS made(${columns}))`;
  const loaded = await engine.numeric(
    toldSelect(engine, ENCODING, { table, extra: ['CAST(id AS DOUBLE) AS id'], orderBy: 'rows.id' }),
  );
  const read = rowReader(ENCODING, loaded);
  rows.forEach((row, index) => {
    expect(read(index)).toEqual({ ...encodeAndTell(ENCODING, row), extra: [index] });
  });
  const unseen = new Set(rows.flatMap((_, index) => read(index).unseen));
  expect(unseen.size).toBe(CATEGORICAL);
});
