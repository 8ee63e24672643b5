import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openDuckDb } from '../engine/index.ts';
import type { CleaningSettings, Pack } from '../pack/index.ts';
import { countCleaning } from './cleaning-counts.ts';
import { meanOf, modeOf, outlierBounds, quantileOf } from './cleaning-statistics.ts';
import { encodeRow } from './encode-row.ts';
import { type FeatureEncoding, fitEncoding, matrixSelect } from './encoding.ts';
import { toldColumns, toldValues } from './told-values.ts';

/** A table of a made-up workshop: two numbers and two texts a row. */
interface WorkshopRow {
  readonly hours: number | null;
  readonly parts: number | null;
  readonly colour: string | null;
  readonly bench: number | null;
}

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 2 });
});
afterAll(() => engine[Symbol.asyncDispose]());

const feature = (type: 'numeric' | 'categorical', range?: [number | null, number | null]): object => ({
  type,
  source: 'snapshot',
  window: 'snapshot',
  label: 'a label',
  nullable: true,
  missing: [],
  ...(range === undefined ? {} : { range }),
});

const packWith = (cleaning: CleaningSettings | undefined): Pack =>
  ({
    file: { cleaning },
    features: {
      hours: feature('numeric', [-1000, null]),
      parts: feature('numeric'),
      colour: feature('categorical'),
      bench: feature('categorical'),
    },
  }) as unknown as Pack;

const settings = (parts: Partial<CleaningSettings>): CleaningSettings => ({
  numeric: { missing: 'leave', drop_above: null, outliers: 'none', impossible: 'keep' },
  categorical: { missing: 'leave', drop_above: null },
  features: {},
  repeated_keys: 'refuse',
  ...parts,
});

const textOfNumber = (value: number | null): string | null =>
  value === null ? null : Object.is(value, -0) ? '-0.0' : String(value);

/** Makes the table `name` of rows in order, with the types that a lake table would have. */
async function makeTable(name: string, rows: readonly WorkshopRow[]): Promise<void> {
  await engine.loadTexts(`${name}_texts`, {
    hours: rows.map(({ hours }) => textOfNumber(hours)),
    parts: rows.map(({ parts }) => textOfNumber(parts)),
    colour: rows.map(({ colour }) => colour),
    bench: rows.map(({ bench }) => textOfNumber(bench)),
  });
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${name} AS SELECT row_index, CAST(hours AS DOUBLE) AS hours,
       CAST(parts AS DOUBLE) AS parts, colour, CAST(bench AS DOUBLE) AS bench FROM ${name}_texts`,
  );
}

/** The rows of the matrix as the batch reads them. */
async function batch(encoding: FeatureEncoding, table: string): Promise<Float64Array[]> {
  const { rows, columns, data } = await engine.numeric(
    matrixSelect(engine, encoding, { table, where: 'true', orderBy: 'rows.row_index' }),
  );
  return Array.from({ length: rows }, (_, row) =>
    Float64Array.from(columns, (_name, column) => data[column * rows + row] as number),
  );
}

const bitsOf = (row: Float64Array): string[] =>
  // All NaN are one: what a library makes of them does not depend on their payload.
  Array.from(new BigUint64Array(Float64Array.from(row, (value) => value).buffer), (bits, index) =>
    Number.isNaN(row[index]) ? 'NaN' : bits.toString(16),
  );

const someNumber = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 5 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(NaN, -0, 0, 1e308, -1e308, Number.MIN_VALUE, Infinity, -Infinity, 2 ** 53),
  },
  { weight: 1, arbitrary: fc.double() },
);
const someRow = fc.record<WorkshopRow>({
  hours: fc.option(someNumber),
  parts: fc.option(someNumber),
  colour: fc.option(fc.constantFrom('red', "o'red", 'Blue', '', 'überrot', 'new 1', 'new 2', '18.0')),
  bench: fc.option(fc.constantFrom(1, 2, 18, 2.5, 400)),
});
const someOutliers = fc.oneof(
  fc.constant('none' as const),
  fc.record({
    method: fc.constantFrom('iqr' as const, 'zscore' as const, 'percentile' as const),
    action: fc.constantFrom('cap' as const, 'flag' as const),
  }),
);
const someNumericRule = fc.record({
  missing: fc.oneof(
    fc.constantFrom('leave' as const, 'median' as const, 'mean' as const, 'mode' as const),
    fc.record({ constant: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  ),
  drop_above: fc.constantFrom(null, 0.3),
  outliers: someOutliers,
  impossible: fc.constantFrom('keep' as const, 'missing' as const),
});
const someCategoricalRule = fc.record({
  missing: fc.oneof(
    fc.constantFrom('leave' as const, 'mode' as const),
    fc.record({ constant: fc.constantFrom('red', 'none given') }),
  ),
  drop_above: fc.constantFrom(null, 0.3),
});
const someSettings = fc
  .record({
    numeric: someNumericRule,
    categorical: someCategoricalRule,
    features: fc.record({ parts: someNumericRule }, { requiredKeys: [] }),
  })
  .map((parts) => settings(parts));

describe('a row encoded alone', () => {
  it('has the bytes of the same row in a batch, whatever the values and the rules, after a round trip as JSON', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(
        someSettings,
        fc.array(someRow, { minLength: 1, maxLength: 60 }),
        fc.array(someRow, { minLength: 40, maxLength: 60 }),
        async (cleaning, training, others) => {
          await makeTable('fitted_on', training);
          await makeTable('applied_to', others);
          const fitted = await fitEncoding(engine, packWith(cleaning), 'fitted_on', 'true');
          const stored = JSON.parse(JSON.stringify(fitted)) as FeatureEncoding;
          expect(stored).toEqual(fitted);
          const rows = await batch(fitted, 'applied_to');
          others.forEach((values, index) => {
            const alone = encodeRow(stored, { ...values });
            expect(bitsOf(alone), JSON.stringify(values)).toEqual(bitsOf(rows[index] as Float64Array));
            compared++;
          });
        },
      ),
      { numRuns: 80, seed: 7 },
    );
    expect(compared).toBeGreaterThan(3000);
  }, 60_000);

  it('needs every feature of the model by name, and takes null for a missing value', async () => {
    await makeTable('fitted_on', [{ hours: 1, parts: 2, colour: 'red', bench: 1 }]);
    const encoding = await fitEncoding(engine, packWith(undefined), 'fitted_on', 'true');
    expect(() => encodeRow(encoding, { hour: 1, parts: 1, colour: null, bench: null })).toThrow(
      expect.objectContaining({
        code: 'HF504',
        place: { field: 'hours' },
        hint: expect.stringContaining('is it hour?') as string,
      }),
    );
    expect(() => encodeRow(encoding, { hours: 'many', parts: 1, colour: null, bench: null })).toThrow(
      expect.objectContaining({ code: 'HF504', place: { field: 'hours' } }),
    );
    expect(encodeRow(encoding, { hours: '1.50', parts: null, colour: 'red', bench: 1 })).toEqual(
      Float64Array.of(1.5, NaN, 0, 0),
    );
  });
});

describe('cleaning that was fitted on training rows', () => {
  const training = [1, 2, 3, 4, 100].map((hours, index): WorkshopRow => ({
    hours,
    parts: index < 3 ? null : 7,
    colour: index < 3 ? 'red' : 'blue',
    bench: null,
  }));

  it('uses their figures on rows of another distribution, and none of theirs', async () => {
    await makeTable('fitted_on', training);
    await makeTable('applied_to', [
      { hours: null, parts: 1, colour: null, bench: null },
      { hours: 5000, parts: 1, colour: 'green', bench: null },
      { hours: -2000, parts: 1, colour: 'blue', bench: null },
    ]);
    const cleaning = settings({
      numeric: {
        missing: 'median',
        drop_above: 0.5,
        outliers: { method: 'iqr', action: 'cap' },
        impossible: 'missing',
      },
      categorical: { missing: 'mode', drop_above: null },
    });
    const encoding = await fitEncoding(engine, packWith(cleaning), 'fitted_on', 'true');
    expect(encoding.dropped).toEqual([
      { name: 'parts', type: 'numeric', categories: [], missingShare: 0.6, dropAbove: 0.5 },
    ]);
    expect(encoding.features.map(({ name }) => name)).toEqual(['hours', 'colour', 'bench']);
    expect(encoding.features[0]?.cleaning).toEqual({
      possible: [-1000, null],
      outliers: { method: 'iqr', action: 'cap', lower: -1, upper: 7 },
      missing: { rule: 'median', value: 3 },
    });
    // Blue is 0 and red 1; green was never seen, so that it counts as missing.
    expect((await batch(encoding, 'applied_to')).map((row) => [...row])).toEqual([
      [3, 1, NaN],
      [7, 1, NaN],
      [3, 0, NaN],
    ]);
    const counts = await countCleaning(engine, encoding, 'applied_to', 'true');
    expect(counts[0]).toEqual({
      feature: 'hours',
      columnType: 'DOUBLE',
      rows: 3,
      missing: 1,
      impossible: 1,
      unseen: 0,
      outliers: 1,
      replaced: 2,
      capped: 1,
      done: 'outside -1000..: missing; missing: median 3; iqr below -1 or above 7: capped',
    });
    expect(counts[1]).toMatchObject({ feature: 'colour', missing: 1, unseen: 1, replaced: 2 });
    expect(counts[3]).toMatchObject({ feature: 'parts', done: 'left out: 60 % missing, more than 50 %' });
  });

  it('tells of a row what the data say, not what stands in its place', async () => {
    await makeTable('fitted_on', training);
    await makeTable('applied_to', [
      { hours: null, parts: 1, colour: 'green', bench: null },
      { hours: 5000, parts: 1, colour: 'red', bench: null },
    ]);
    const cleaning = settings({
      numeric: {
        missing: 'mean',
        drop_above: null,
        outliers: { method: 'iqr', action: 'cap' },
        impossible: 'keep',
      },
      categorical: { missing: { constant: 'none given' }, drop_above: null },
    });
    const encoding = await fitEncoding(engine, packWith(cleaning), 'fitted_on', 'true');
    const extra = toldColumns(engine, encoding);
    const loaded = await engine.numeric(
      matrixSelect(engine, encoding, {
        table: 'applied_to',
        extra,
        where: 'true',
        orderBy: 'rows.row_index',
      }),
    );
    const width = encoding.features.length;
    const columnAt = (index: number): Float64Array =>
      loaded.data.subarray(index * loaded.rows, (index + 1) * loaded.rows);
    const told = toldValues(
      encoding,
      loaded,
      extra.map((_, index) => columnAt(width + index)),
    );
    expect([...columnAt(0)]).toEqual([3.4, 7]);
    expect([...(told[0] as Float64Array)]).toEqual([NaN, 5000]);
    expect([...columnAt(2)]).toEqual([1, 2]);
    expect([...(told[2] as Float64Array)]).toEqual([NaN, 2]);
  });

  it('flags outliers in a feature of its own and leaves the value', async () => {
    await makeTable('fitted_on', training);
    const cleaning = settings({
      features: { hours: { outliers: { method: 'percentile', action: 'flag' } } },
    });
    const encoding = await fitEncoding(engine, packWith(cleaning), 'fitted_on', 'true');
    expect(encoding.features.map(({ name }) => name)).toEqual([
      'hours',
      'hours_outlier',
      'parts',
      'colour',
      'bench',
    ]);
    const rows = await batch(encoding, 'fitted_on');
    expect(rows.map((row) => [row[0], row[1]])).toEqual([
      [1, 1],
      [2, 0],
      [3, 0],
      [4, 0],
      [100, 1],
    ]);
  });

  it('leaves everything as it is where the pack says nothing, with the stored form of before', async () => {
    await makeTable('fitted_on', training);
    const encoding = await fitEncoding(engine, packWith(undefined), 'fitted_on', 'true');
    expect(Object.keys(encoding)).toEqual(['features', 'contractHash']);
    for (const one of encoding.features) expect(Object.keys(one)).toEqual(['name', 'type', 'categories']);
    expect(await fitEncoding(engine, packWith(settings({})), 'fitted_on', 'true')).toEqual(encoding);
  });
});

describe('the figures that cleaning is fitted by', () => {
  it('are means, modes and interpolated quantiles of sorted values', () => {
    const sorted = Float64Array.of(1, 2, 2, 5, 5, 9);
    expect(meanOf(sorted)).toBe(4);
    expect(modeOf(sorted)).toBe(2);
    expect(quantileOf(sorted, 0.5)).toBe(3.5);
    expect(quantileOf(sorted, 1)).toBe(9);
    expect(outlierBounds(sorted, 'iqr')).toEqual([-2.5, 9.5]);
  });

  it('stay finite for the largest numbers there are', () => {
    expect(meanOf(Float64Array.of(1.5e308, 1.5e308))).toBe(1.5e308);
    expect(
      outlierBounds(Float64Array.of(-1.7e308, -1e308, 1e308, 1.7e308), 'iqr')?.every(Number.isFinite),
    ).toBe(true);
  });

  it('have no bounds where the values have no spread, so that no feature becomes a constant', () => {
    for (const method of ['iqr', 'zscore', 'percentile'] as const)
      expect(outlierBounds(Float64Array.of(0, 0, 0, 0), method)).toBeUndefined();
    expect(outlierBounds(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 9), 'iqr')).toBeUndefined();
  });
});
