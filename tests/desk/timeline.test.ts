/** What a timeline knows, over tables that are made to tempt it: late rows, later columns, strange keys. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLakeViews, readTimeline } from '../../src/desk/index.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import { type LakeFixture, openLakeFixture, plainly } from '../lake/lake-fixture.ts';

const STRANGE = 'O\'Neil "x" / 50% ä 😀; --';
let fixture: LakeFixture;
let pack: Pack;

/** The broadband pack with the known tables of this test. */
async function packOf(key: string): Promise<Pack> {
  const shipped = await loadPack('packs/broadband');
  const { time } = shipped.file;
  if (time === undefined) throw new Error('the pack has no dates');
  return {
    ...shipped,
    file: {
      ...shipped.file,
      entity: { name: 'member', key },
      time: {
        ...time,
        spine: { table: 'silver.states', date: 'month' },
        known: {
          visits: { table: 'silver.visits', date: 'day', lookback: 'all', columns_available_at: {} },
          monthly_sums: {
            table: 'silver.sums',
            date: 'month',
            available_at: 'told_on',
            lookback: { months: 1 },
            columns_available_at: {},
          },
          orders: {
            table: 'silver.orders',
            date: 'placed',
            lookback: { days: 5 },
            columns_available_at: { completed: 'completed', outcome: 'completed' },
          },
        },
      },
    },
  };
}

beforeAll(async () => {
  fixture = await openLakeFixture();
  pack = await packOf('member_id');
  const { lake, engine } = fixture;
  const id = engine.literal(STRANGE);
  await lake.write(
    'silver.visits',
    `SELECT ${id} AS member_id, DATE '2024-01-01' + CAST(i AS INTEGER) AS day, 'gym ' || i AS place,
       CASE WHEN i % 2 = 0 THEN 0.1 + 0.2 END AS hours, i AS a, i AS b, i AS c, i AS d, i AS e, 'x' AS _source_file
     FROM range(150) AS numbers(i)
     UNION ALL SELECT 'somebody else', DATE '2024-02-01', 'other', 1.0, 1, 1, 1, 1, 1, 'y'`,
    plainly('overwrite'),
  );
  await lake.write(
    'silver.sums',
    `SELECT ${id} AS member_id, DATE '2024-01-01' AS month, DATE '2024-02-05' AS told_on, 10 AS total
     UNION ALL SELECT ${id}, DATE '2024-02-01', DATE '2024-03-20', 20
     UNION ALL SELECT ${id}, DATE '2024-02-02', CAST(NULL AS DATE), 30`,
    plainly('overwrite'),
  );
  await lake.write(
    'silver.orders',
    `SELECT ${id} AS member_id, DATE '2024-02-10' AS placed, DATE '2024-02-20' AS completed, 'left' AS outcome, 'why' AS note
     UNION ALL SELECT ${id}, DATE '2024-02-11', DATE '2024-04-01', 'stayed', 'later'
     UNION ALL SELECT ${id}, DATE '2030-01-01', NULL, NULL, 'years ahead'`,
    plainly('overwrite'),
  );
  await lake.write(
    'silver.states',
    `SELECT ${id} AS member_id, DATE '2024-02-01' AS month, 'gold' AS level UNION ALL SELECT ${id}, DATE '2024-03-15', 'silver'`,
    plainly('overwrite'),
  );
});
afterAll(() => fixture[Symbol.asyncDispose]());

const read = (entity: string, until: string, most?: number) =>
  readTimeline(openLakeViews(fixture.engine, fixture.lake), pack, { entity, until }, most);

describe('a timeline', () => {
  test('shows a row from the day on that it is available, and a later column from that day on', async () => {
    const { rows, leftOut } = await read(STRANGE, '2024-03-15', 500);
    expect(leftOut).toBe(0);
    const of = (source: string) => rows.filter((row) => row.source === source);
    expect(of('silver.sums').map(({ date, fields }) => [date, fields])).toEqual([
      ['2024-02-02', [{ name: 'Total', value: '30', unit: null }]],
      [
        '2024-01-01',
        [
          { name: 'Told on', value: '2024-02-05', unit: null },
          { name: 'Total', value: '10', unit: null },
        ],
      ],
    ]);
    expect(
      of('silver.orders').map(({ date, fields }) => [date, ...fields.map(({ value }) => value)]),
    ).toEqual([
      ['2024-02-11', 'later'],
      ['2024-02-10', '2024-02-20', 'left', 'why'],
    ]);
    expect(of('silver.states').map(({ date, label }) => [date, label])).toEqual([
      ['2024-03-15', 'States'],
      ['2024-02-01', 'States'],
    ]);
    expect(of('silver.visits')).toHaveLength(75);
    expect(rows.every(({ date }) => date <= '2024-03-15')).toBe(true);
  });

  test('ends at so many rows, the newest of all tables, and says how many it leaves out', async () => {
    const all = await read(STRANGE, '2024-03-15', 500);
    const { rows, leftOut } = await read(STRANGE, '2024-03-15', 10);
    expect(rows).toEqual(all.rows.slice(0, 10));
    expect(leftOut).toBe(all.rows.length - 10);
    expect((await read(STRANGE, '2024-12-31')).rows).toHaveLength(100);
  });

  test('names at most six fields, without key, date, empty ones and those of the delivery', async () => {
    const { rows } = await read(STRANGE, '2024-01-02');
    expect(rows.map(({ fields }) => fields.map(({ name, value }) => `${name}=${value}`))).toEqual([
      ['Place=gym 1', 'A=1', 'B=1', 'C=1', 'D=1', 'E=1'],
      ['Place=gym 0', 'Hours=0.3', 'A=0', 'B=0', 'C=0', 'D=0'],
    ]);
  });

  test('calls a column as the feature of its name is called, with its unit, and leaves out what is missing', async () => {
    const { lake } = fixture;
    await lake.write(
      'silver.states',
      `SELECT 'measured' AS member_id, DATE '2024-02-01' AS month, 100 AS speed, 12 AS ooc_days, 'x' AS own_word
       UNION ALL SELECT 'measured', DATE '2024-03-01', 200, -9999, 'y'`,
      plainly('overwrite'),
    );
    const { rows } = await read('measured', '2024-12-31');
    expect(rows.map(({ fields }) => fields)).toEqual([
      [
        { name: 'Sold speed', value: '200', unit: 'Mbit/s' },
        { name: 'Own word', value: 'y', unit: null },
      ],
      [
        { name: 'Sold speed', value: '100', unit: 'Mbit/s' },
        // Its words say the unit.
        { name: 'Days out of contract', value: '12', unit: null },
        { name: 'Own word', value: 'x', unit: null },
      ],
    ]);
  });

  test('is empty of somebody who is not there, whatever the key says', async () => {
    for (const id of ['nobody', "' OR '1' = '1", ''])
      expect((await read(id, '2024-12-31')).rows, id).toEqual([]);
    expect((await read('somebody else', '2024-12-31')).rows).toHaveLength(1);
  });

  test('finds a key that is a number, in the one way in which it is written', async () => {
    const { lake, engine } = fixture;
    await lake.write(
      'silver.visits',
      `SELECT CAST(i AS BIGINT) AS member_id, DATE '2024-01-01' AS day, 'gym' AS place FROM range(10) AS numbers(i)`,
      plainly('overwrite'),
    );
    const { time } = pack.file;
    if (time === undefined) throw new Error('the pack has no dates');
    const [visits] = Object.values(time.known);
    if (visits === undefined) throw new Error('there are no visits');
    const own = {
      ...pack,
      file: {
        ...pack.file,
        time: { ...time, known: { visits }, spine: { table: 'silver.gone', date: 'month' } },
      },
    };
    const views = openLakeViews(engine, lake);
    const found = async (entity: string): Promise<number> =>
      (await readTimeline(views, own, { entity, until: '2024-12-31' })).rows.length;
    expect([await found('7'), await found('007'), await found('7.0'), await found('seven')]).toEqual([
      ...[1, 0, 0, 0],
    ]);
  });
});
