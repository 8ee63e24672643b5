/** The trend beside the same figures counted one by one, without a join. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LakeView, openLakeViews, type Performance, readTrend } from '../../src/desk/index.ts';
import { type Engine, openDuckDb, type Row, textOf } from '../../src/engine/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { type Lake, openLake } from '../../src/lake/index.ts';
import { loadPack, type Pack } from '../../src/pack/index.ts';
import { labelColumn, LABELS_TABLE } from '../../src/prepare/index.ts';
import { writeMadeScores } from './made-scores.ts';

const SCORES = 'gold.churn_scores';
const DATES = ['2024-06-01', '2024-08-01', '2024-10-01'];
const OBSERVED_TO = '2024-10-01';
const WRITE = {
  mode: 'overwrite',
  properties: {},
  info: { runId: 'test', operation: 'PREPARE', inputs: {}, holdfast: {} },
} as const;

let root: string;
let pack: Pack;
let engine: Engine;
let lake: Lake;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-trend-'));
  pack = await loadPack(path.join(import.meta.dirname, '../../packs/broadband'));
  for (const [seed, date] of DATES.entries())
    await writeMadeScores({ lake: root, pack, rows: 300, date, seed, withFeatures: seed === 0 });
  engine = await openDuckDb();
  lake = openLake({ root, engine, clock: systemClock });
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

/** Outcomes of the horizons, of who was scored and of others, on score dates and others; every 50th of a date is not known. */
async function writeLabels(horizons: readonly number[]): Promise<void> {
  await lake.attach([SCORES]);
  const { key } = pack.file.entity;
  const outcomes = horizons.map(
    (days) =>
      `CASE WHEN day + ${String(days)} <= DATE '${OBSERVED_TO}' AND NOT (day = DATE '2024-08-01' AND number % 50 = 0)
         THEN CAST(number % ${String(1000 / days)} < 5 AS INTEGER) END AS ${labelColumn(days)}`,
  );
  await lake.write(
    LABELS_TABLE,
    `WITH people AS (
       SELECT DISTINCT ${key}, hash(${key}) % 1000 AS number FROM ${SCORES}
       UNION ALL SELECT 'nobody who was scored', 1
     )
     SELECT ${key}, day AS observation_date, ${outcomes.join(', ')}
     FROM people, (SELECT unnest([DATE '2024-05-01', DATE '2024-06-01', DATE '2024-08-01', DATE '2024-10-01']) AS day)`,
    WRITE,
  );
}

async function trendNow(): Promise<Performance['trend']> {
  const views = openLakeViews(engine, lake);
  const viewOf = async (table: typeof SCORES | typeof LABELS_TABLE): Promise<LakeView> => {
    const view = await views.newest(table);
    if (view === undefined) throw new Error(`${table} is not there`);
    return view;
  };
  return readTrend({
    engine,
    pack,
    scores: await viewOf(SCORES),
    labels: await viewOf(LABELS_TABLE),
    labelColumn,
  });
}

/** What the trend should say of outcomes, from all rows as they are. */
async function countedOneByOne(days: number): Promise<[string, number, number | null][]> {
  await lake.attach([SCORES, LABELS_TABLE]);
  const { key } = pack.file.entity;
  const textOfRow = (row: Row): string => `${textOf(row['day'])} ${textOf(row['id'])}`;
  const labels = await engine.rows(
    `SELECT ${key} AS id, CAST(observation_date AS STRING) AS day, ${labelColumn(days)} AS outcome FROM ${LABELS_TABLE}`,
  );
  const outcomes = new Map(labels.map((row) => [textOfRow(row), row['outcome']]));
  const scores = await engine.rows(`SELECT ${key} AS id, CAST(score_date AS STRING) AS day FROM ${SCORES}`);
  return DATES.map((date) => {
    const own = scores.filter(({ day }) => day === date).map((row) => outcomes.get(textOfRow(row)));
    const known = own.filter((outcome) => typeof outcome === 'number');
    const left = known.filter((outcome) => outcome === 1);
    return [date, known.length, known.length === own.length ? left.length / own.length : null];
  });
}

const outcomesOf = (trend: Performance['trend'], days: number): [string, number, number | null][] =>
  trend.map(({ score_date: date, horizons }) => {
    const own = horizons.find((horizon) => horizon.days === days);
    return [date, own?.known ?? Number.NaN, own?.actual_rate ?? null];
  });

test('outcomes are those of whoever was scored, on the day of the score', async () => {
  await writeLabels(pack.file.horizons);
  const trend = await trendNow();
  for (const days of pack.file.horizons)
    expect(outcomesOf(trend, days), String(days)).toEqual(await countedOneByOne(days));
  const [first, second] = outcomesOf(trend, 30);
  expect(first?.[2]).toBeGreaterThan(0);
  // Some are not known: then there is no rate.
  expect(second?.[1]).toBeGreaterThan(0);
  expect(second?.[2]).toBeNull();
});

test('a horizon that the labels do not have yet is not known of anybody', async () => {
  const [shortest = 0, ...others] = pack.file.horizons;
  await writeLabels([shortest]);
  const trend = await trendNow();
  expect(outcomesOf(trend, shortest)).toEqual(await countedOneByOne(shortest));
  for (const days of others) expect(outcomesOf(trend, days)).toEqual(DATES.map((date) => [date, 0, null]));
});
