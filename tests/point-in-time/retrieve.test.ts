/** Historical retrieval: the features of given customers as they were known on given dates. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import { type RetrievedFeatures, retrieveFeatures } from '../../src/workflow/index.ts';
import { byCustomerAndDate, call, cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { seededRandom } from '../support/random.ts';
import { csvOf, type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

const MONTHS = ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01', '2024-05-01', '2024-06-01'];

/** A few customers whose every number differs, with awkward fractions. */
function rowsOfCustomers(): Parameters<typeof landBroadband>[1] {
  const random = seededRandom(3);
  const snapshots: InlineRow[] = [];
  const calls: InlineRow[] = [];
  const ceases: InlineRow[] = [];
  const days: InlineRow[] = [];
  for (let index = 0; index < 12; index += 1) {
    const customer = `customer ${index}`;
    for (const month of MONTHS) {
      snapshots.push(
        snapshot(customer, month, {
          speed: random.whole(18, 900),
          line_speed: random.whole(0, 900_000) / 977,
        }),
      );
      const dayOfMonth = (): string => `${month.slice(0, 8)}${String(random.whole(1, 28)).padStart(2, '0')}`;
      for (let n = random.whole(0, 3); n > 0; n -= 1)
        calls.push(call(customer, dayOfMonth(), { talk_time_seconds: random.whole(1, 99_999) / 7 }));
      for (let n = random.whole(0, 4); n > 0; n -= 1)
        days.push(usage(customer, dayOfMonth(), (random.whole(0, 9_999_999) / 997).toFixed(3)));
      if (random.chance(0.15)) ceases.push(cease(customer, dayOfMonth()));
    }
  }
  return { snapshots, calls, ceases, usage: days };
}

describe('historical retrieval', () => {
  let workspace: TestWorkspace;

  beforeAll(async () => {
    workspace = await openWorkspace({ settings: { 'time.observed_to': '2024-06-30' } });
    const rows = rowsOfCustomers();
    await landBroadband(workspace, {
      snapshots: [
        ...rows.snapshots,
        snapshot('by hand', '2024-02-01', { speed: 35 }),
        snapshot('by hand', '2024-03-01'),
      ],
      calls: [
        ...(rows.calls ?? []),
        call('by hand', '2024-02-20', { talk_time_seconds: 100 }),
        call('by hand', '2024-03-14', { talk_time_seconds: 200 }),
        call('by hand', '2024-03-15', { talk_time_seconds: 900 }),
      ],
      ceases: [...(rows.ceases ?? []), cease('by hand', '2024-03-10')],
      usage: [
        ...(rows.usage ?? []),
        usage('by hand', '2024-02-05', 20, 0),
        usage('by hand', '2024-03-05', 80, 0),
      ],
    });
    await workspace.run({ to: 'build' });
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  /** Retrieves features for rows of (customer, date) and reads the file back, by customer and date. */
  async function retrieve(
    entities: readonly (readonly [customer: string, date: string])[],
  ): Promise<{ retrieved: RetrievedFeatures; rows: Map<string, Row> }> {
    const file = path.join(workspace.folder, 'entities.csv');
    const out = path.join(workspace.folder, 'features.csv');
    const table = entities.map(([unique_customer_identifier, observation_date]) => ({
      unique_customer_identifier,
      observation_date,
    }));
    await writeFile(file, csvOf(table));
    return workspace.withContext(async (context) => {
      const retrieved = await retrieveFeatures(context, file, out);
      const rows = await context.engine.rows(`SELECT * FROM read_csv('${out}', header = true, nullstr = '')`);
      return { retrieved, rows: byCustomerAndDate(rows) };
    });
  }

  test('gives at the dates of snapshots the feature table, to the bit', async () => {
    const built = path.join(workspace.folder, 'built.csv');
    const entities = await workspace.withContext(async ({ engine, lake }) => {
      await lake.attach();
      await engine.writeCsv(
        'SELECT * FROM gold.churn_features ORDER BY observation_date, unique_customer_identifier',
        built,
      );
      return engine.rows(
        'SELECT unique_customer_identifier AS id, observation_date AS day FROM gold.churn_features',
      );
    });
    expect(entities.length).toBe(12 * MONTHS.length + 2);
    const { retrieved } = await retrieve(entities.map((row) => [textOf(row['id']), textOf(row['day'])]));
    expect(retrieved).toMatchObject({ rows: entities.length, withoutSnapshot: 0 });
    expect(await readFile(retrieved.file, 'utf8')).toBe(await readFile(built, 'utf8'));
  });

  test('takes between snapshots the newest one before, and events up to the day before', async () => {
    const { retrieved, rows } = await retrieve([
      ['by hand', '2024-02-29'],
      ['by hand', '2024-03-15'],
      ['by hand', '2024-03-31'],
      ['by hand', '2024-04-01'],
    ]);
    expect(retrieved).toMatchObject({ rows: 4, withoutSnapshot: 0 });
    expect(rows.get('by hand 2024-02-29')).toMatchObject({
      speed: 35,
      calls_30d: 1,
      days_since_last_call: 9,
      monthly_total_mb: null,
      prior_cease_count: 0,
    });
    expect(rows.get('by hand 2024-03-15')).toMatchObject({
      speed: 65,
      calls_30d: 2,
      avg_talk_time: 150,
      days_since_last_call: 1,
      monthly_total_mb: 20,
      prior_cease_count: 1,
      days_since_last_cease: 5,
    });
    // March is over on the 31st, and so known from the first of April.
    expect(rows.get('by hand 2024-03-31')).toMatchObject({ calls_30d: 2, monthly_total_mb: 20 });
    expect(rows.get('by hand 2024-04-01')).toMatchObject({
      calls_30d: 2,
      monthly_total_mb: 80,
      usage_mom_change: 3,
    });
  });

  test('counts customers without a snapshot on or before the date, and gives them no snapshot', async () => {
    const { retrieved, rows } = await retrieve([
      ['by hand', '2024-02-01'],
      ['by hand', '2024-01-31'],
      ['not a customer', '2024-03-01'],
    ]);
    expect(retrieved).toMatchObject({ rows: 3, withoutSnapshot: 2 });
    expect(rows.get('by hand 2024-01-31')).toMatchObject({ speed: null, tenure_bucket: null, calls_30d: 0 });
    expect(rows.get('not a customer 2024-03-01')).toMatchObject({ ooc_days: null, prior_cease_count: 0 });
  });

  test('gives a customer and date that are asked for twice once', async () => {
    const { retrieved, rows } = await retrieve([
      ['by hand', '2024-03-01'],
      [' by hand', '2024-03-01'],
    ]);
    expect(retrieved.rows).toBe(1);
    expect([...rows.keys()]).toEqual(['by hand 2024-03-01']);
  });

  test('leaves the feature table as it was', async () => {
    const before = await workspace.withContext(({ lake }) => lake.snapshot('gold.churn_features'));
    await retrieve([['by hand', '2024-03-15']]);
    const { steps } = await workspace.run({ from: 'build', to: 'build' });
    expect(steps[0]?.summary).toContain('built 0 tables');
    const after = await workspace.withContext(({ lake }) => lake.snapshot('gold.churn_features'));
    expect(after.version).toBe(before.version);
  });

  test('refuses a file with a malformed row instead of leaving the row out', async () => {
    const file = path.join(workspace.folder, 'entities.csv');
    await writeFile(
      file,
      'unique_customer_identifier,observation_date\nby hand,2024-03-01\nA,2024-03-01,x\n',
    );
    const out = path.join(workspace.folder, 'features.csv');
    await expect(
      workspace.withContext((context) => retrieveFeatures(context, file, out)),
    ).rejects.toMatchObject({ code: 'HF204', place: { file, line: 3 } });
  });

  test('refuses a date that cannot be read and a missing column', async () => {
    await expect(retrieve([['by hand', '2024-02-30']])).rejects.toMatchObject({ code: 'HF204' });
    const file = path.join(workspace.folder, 'dates-missing.csv');
    await writeFile(file, 'unique_customer_identifier,observed\nA,2024-03-01\n');
    await expect(
      workspace.withContext((context) => retrieveFeatures(context, file, `${file}.out`)),
    ).rejects.toMatchObject({ code: 'HF203', place: { field: 'observation_date' } });
  });
});
