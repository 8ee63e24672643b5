/** Features of single rows equal those of the feature table, to the bit, and so does what the model sees of them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRowLocal, type RawRow } from '../../src/build/index.ts';
import { type Engine, openDuckDb, type Row, textOf } from '../../src/engine/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { encodeRow, type FeatureEncoding, fitEncoding, matrixSelect } from '../../src/model/index.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import { hasIbmTelco, readIbmTelco, telcoCustomers } from '../support/telco.ts';
import { copyPack, type InlineRow, openWorkspace } from '../support/workspace.ts';

const DAY = '2025-03-14';

let engine: Engine;
let pack: Pack;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 });
  pack = await loadPack(new URL('../../packs/telco-snapshot', import.meta.url).pathname);
});
afterAll(() => engine[Symbol.asyncDispose]());

/** What one batch makes of delivered rows, by customer: the features, and the columns of the model's matrix. */
interface Batch {
  readonly features: ReadonlyMap<string, Row>;
  readonly matrix: ReadonlyMap<string, Float64Array>;
  readonly encoding: FeatureEncoding;
}

async function batchOf(rows: readonly InlineRow[]): Promise<Batch> {
  await using workspace = await openWorkspace({
    pack: 'telco-snapshot',
    clock: fixedClock(`${DAY}T09:00:00Z`),
  });
  await workspace.land('customers.csv', rows);
  await workspace.run({ to: 'build' });
  return await workspace.withContext(async (context) => {
    const table = 'gold.customer_features';
    await context.lake.attach([table, 'gold.churn_training_set']);
    const features = await context.engine.rows(`SELECT * FROM ${table} ORDER BY customer_id`);
    const encoding = await fitEncoding(
      context.engine,
      context.pack,
      'gold.churn_training_set',
      "split_30d = 'train'",
    );
    const loaded = await context.engine.numeric(
      matrixSelect(context.engine, encoding, { table, where: 'true', orderBy: 'rows.customer_id' }),
    );
    const keys = features.map((row) => textOf(row['customer_id']));
    const width = encoding.features.length;
    return {
      encoding,
      features: new Map(features.map((row, index) => [keys[index] ?? '', row])),
      matrix: new Map(
        keys.map((key, row) => [
          key,
          Float64Array.from(
            { length: width },
            (_, column) => loaded.data[column * loaded.rows + row] as number,
          ),
        ]),
      ),
    };
  });
}

/** Compares all rows at once and some of them one at a time, as texts of the file and as a program would send them. */
async function compare(rows: readonly InlineRow[], alone: number): Promise<void> {
  const batch = await batchOf(rows);
  expect(batch.features.size).toBe(rows.length);
  await using rowLocal = await openRowLocal(engine, pack, DAY);
  const names = Object.keys(pack.features);
  const check = (row: InlineRow, made: Awaited<ReturnType<typeof rowLocal.features>>[number]): void => {
    const key = textOf(row['customerID'] ?? '');
    const expected = batch.features.get(key) ?? {};
    expect(made?.unread).toEqual([]);
    for (const name of names)
      expect(Object.is(made?.values[name], expected[name]), `${key} ${name}`).toBe(true);
    expect(encodeRow(batch.encoding, made?.values ?? {})).toEqual(batch.matrix.get(key));
  };
  const together = await rowLocal.features(rows);
  rows.forEach((row, index) => {
    check(row, together[index]);
  });
  const step = Math.max(1, Math.floor(rows.length / alone));
  for (let index = 0; index < rows.length; index += step) {
    const row = rows[index] as InlineRow;
    const { customerID: _key, Churn: _outcome, ...rest } = row;
    const sent: RawRow = {
      ...rest,
      SeniorCitizen: Number(row['SeniorCitizen']),
      tenure: Number(row['tenure']),
      MonthlyCharges: Number(row['MonthlyCharges']),
    };
    check(row, (await rowLocal.features([sent]))[0]);
  }
}

describe('features of single rows', () => {
  test('are those of the feature table for made-up customers, together and one at a time', async () => {
    const [first, second, third, ...others] = telcoCustomers(600);
    // Blanks, texts that nobody has seen and what does not belong are as good in a request as in a file.
    const odd = [
      { ...first, Contract: ' Two year ', InternetService: 'Satellite', TotalCharges: '' },
      { ...second, MonthlyCharges: null, tenure: null, PaymentMethod: '' },
      { ...third, MonthlyCharges: -5, TotalCharges: 'soon', PhoneService: 'yes', OnlineSecurity: null },
    ] as InlineRow[];
    await compare([...odd, ...others], 60);
  }, 120_000);

  test.skipIf(!hasIbmTelco)(
    'are those of the feature table for all rows of the public file (skipped where it is not beside the checkout)',
    async () => {
      const rows = await readIbmTelco();
      expect(rows).toHaveLength(7043);
      await compare(rows, 500);
    },
    300_000,
  );

  test('need the columns that features are made of, and neither key nor outcome', async () => {
    await using rowLocal = await openRowLocal(engine, pack, DAY);
    const { columns, features } = rowLocal;
    expect(Object.keys(columns)).toHaveLength(19);
    expect(Object.keys(columns)).not.toContain('customerID');
    expect(Object.keys(columns)).not.toContain('Churn');
    const [row] = telcoCustomers(1) as [InlineRow];
    const { tenure, ...without } = row;
    await expect(features([{ ...without, Tenure: tenure ?? null }])).rejects.toMatchObject({
      code: 'HF203',
      place: { field: 'tenure' },
    });
    // The next one is not held up by the one that was refused.
    await expect(features([row])).resolves.toHaveLength(1);
  });

  test('say which values could not be read, and take them for missing', async () => {
    await using rowLocal = await openRowLocal(engine, pack, DAY);
    const { features } = rowLocal;
    const [row] = telcoCustomers(1) as [InlineRow];
    const [made] = await features([{ ...row, MonthlyCharges: 'a lot', tenure: 3 }]);
    expect(made?.unread).toEqual(['MonthlyCharges']);
    expect(made?.values).toMatchObject({
      monthly_charges: null,
      tenure_months: 3,
      customer_lifetime_value: null,
    });
    // As in a file: a fraction is no whole number, though one with noughts is.
    const [half, whole] = await features([
      { ...row, tenure: 1.5 },
      { ...row, tenure: '4.0' },
    ]);
    expect(half).toMatchObject({ unread: ['tenure'], values: { tenure_months: null } });
    expect(whole).toMatchObject({ unread: [], values: { tenure_months: 4 } });
  });

  test('stay the same over more requests than the table of rows is kept for', async () => {
    await using rowLocal = await openRowLocal(engine, pack, DAY);
    const [row, ...many] = telcoCustomers(2500) as [InlineRow, ...InlineRow[]];
    const before = await rowLocal.features([row]);
    expect(await rowLocal.features(many)).toHaveLength(2499);
    expect(await rowLocal.features([row])).toEqual(before);
    expect(await rowLocal.features([])).toEqual([]);
  });

  test('come in the order of the rows when asked for at once from several sides', async () => {
    await using rowLocal = await openRowLocal(engine, pack, DAY);
    const { features } = rowLocal;
    const rows = telcoCustomers(20);
    const answers = await Promise.all(rows.map((row) => features([row])));
    expect(answers.map(([made]) => made?.values['tenure_months'])).toEqual(rows.map(({ tenure }) => tenure));
  });
});

describe('packs whose features need more than the row', () => {
  test('are refused by what their SQL does', async () => {
    await using changed = await copyPack('telco-snapshot');
    await changed.replace(
      'sql/gold/customer_features.sql',
      'CAST(tenure_months AS DOUBLE) / 12 AS tenure_years',
      'tenure_months / avg(tenure_months) OVER () AS tenure_years',
    );
    await expect(openRowLocal(engine, await loadPack(changed.folder), DAY)).rejects.toMatchObject({
      code: 'HF402',
      message: expect.stringContaining('the window function avg()') as string,
    });
  });

  test('are refused where a feature is made of the key', async () => {
    await using changed = await copyPack('telco-snapshot');
    await changed.replace(
      'sql/gold/customer_features.sql',
      'CAST(tenure_months AS DOUBLE) / 12 AS tenure_years',
      'CAST(length(customer_id) AS DOUBLE) AS tenure_years',
    );
    await expect(openRowLocal(engine, await loadPack(changed.folder), DAY)).rejects.toMatchObject({
      code: 'HF402',
      place: { field: 'tenure_years' },
    });
  });

  test('are refused where they have dates', async () => {
    const dated = await loadPack(new URL('../../packs/broadband', import.meta.url).pathname);
    await expect(openRowLocal(engine, dated, DAY)).rejects.toMatchObject({ code: 'HF207' });
  });
});
