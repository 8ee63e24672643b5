/** The splits: nobody is on two sides, nothing of a label reaches into the next split. */
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Finding } from './finding.ts';
import type { AuditedHorizon, TrainingSet } from './separating.ts';

/** Identical rows are a finding from this share of the evaluation rows on, and this many. */
const IDENTICAL = { share: 0.01, rows: 3, timesChance: 5 } as const;

export async function splitFindings(engine: Engine, pack: Pack, training: TrainingSet): Promise<Finding[]> {
  const findings = await repeatedRows(engine, pack, training);
  const [horizon] = training.horizons;
  if (horizon !== undefined) findings.push(...(await identicalRows(engine, pack, training.table, horizon)));
  if (pack.file.time !== undefined)
    for (const one of training.horizons)
      findings.push(...(await crossingLabels(engine, training.table, one)));
  return findings;
}

/** The same entity twice on one date, or in both halves of validation. */
async function repeatedRows(engine: Engine, pack: Pack, training: TrainingSet): Promise<Finding[]> {
  const key = engine.identifier(pack.file.entity.key);
  const [repeated] = await engine.rows(
    `SELECT count(*) AS n, min(CAST(${key} AS STRING)) AS example FROM (
       SELECT ${key}, observation_date FROM ${training.table} GROUP BY ${key}, observation_date HAVING count(*) > 1
     ) AS repeated`,
  );
  const findings: Finding[] = [];
  const rows = Number(repeated?.['n'] ?? 0);
  if (rows > 0)
    findings.push({
      kind: 'repeated_rows',
      feature: undefined,
      evidence: `${groupDigits(rows)} times the same ${pack.file.entity.name} stands on the same date more than once, such as ${textOf(repeated?.['example'])}`,
    });
  for (const { split, days } of training.horizons) {
    const [both] = await engine.rows(
      `SELECT count(*) AS n, min(CAST(${key} AS STRING)) AS example FROM (
         SELECT ${key} FROM ${training.table} WHERE ${split} IN ('stop', 'calibrate')
         GROUP BY ${key} HAVING count(DISTINCT ${split}) > 1
       ) AS both_halves`,
    );
    const entities = Number(both?.['n'] ?? 0);
    if (entities > 0)
      findings.push({
        kind: 'repeated_rows',
        feature: undefined,
        evidence: `${String(days)} days: ${groupDigits(entities)} entities are in both halves of validation, such as ${textOf(both?.['example'])}`,
      });
  }
  return findings;
}

/**
 * Rows of validation and test that are the same as a training row in all features, under another key. Few
 * features make some rows equal by chance: what chance would give is set against it.
 */
async function identicalRows(
  engine: Engine,
  pack: Pack,
  table: string,
  { split }: AuditedHorizon,
): Promise<Finding[]> {
  const key = `CAST(${engine.identifier(pack.file.entity.key)} AS STRING)`;
  const features = Object.keys(pack.features).map((name) => engine.identifier(name));
  const content = features.map((name) => `coalesce(CAST(${name} AS STRING), '~')`).join(` || '|' || `);
  // A hash of the content, so that what is grouped stays small whatever the number of features.
  const rows = (where: string): string =>
    `SELECT ${key} AS entity, observation_date, md5(${content}) AS content FROM ${table} WHERE ${where}`;
  const trained = rows(`${split} = 'train'`);
  const [found] = await engine.rows(
    `WITH held AS (${rows(`${split} IN ('stop', 'calibrate', 'test')`)}),
     seen AS (SELECT content, min(entity) AS first_entity, max(entity) AS last_entity FROM (${trained}) AS trained GROUP BY content),
     twins AS (
       SELECT held.entity,
         CASE WHEN first_entity <> held.entity THEN first_entity WHEN last_entity <> held.entity THEN last_entity END AS twin
       FROM held LEFT JOIN seen ON seen.content = held.content
     )
     SELECT count(*) AS held_rows, count(twin) AS twins,
       min(CASE WHEN twin IS NOT NULL THEN entity || ' and ' || twin END) AS example
     FROM twins`,
  );
  const [held, twins] = [Number(found?.['held_rows'] ?? 0), Number(found?.['twins'] ?? 0)];
  if (twins < IDENTICAL.rows || twins < held * IDENTICAL.share) return [];
  const chance =
    pack.file.undated === undefined
      ? held * (await chanceOfTwin(engine, trained))
      : await independentTwins(engine, features, table, split);
  if (twins < chance * IDENTICAL.timesChance) return [];
  return [
    {
      kind: 'identical_rows',
      feature: undefined,
      evidence: `${groupDigits(twins)} of ${groupDigits(held)} rows of validation and test are the same in all features as a training row under another key, such as ${textOf(found?.['example'])}; by chance about ${groupDigits(Math.ceil(chance))} would be`,
    },
  ];
}

/**
 * The chance that a row has a twin among the training rows, from how often two entities are alike in all features on
 * the same date there: as often as that, those who have no history yet, or nothing special, are alike on any two
 * dates. Columns that follow from each other make such rows far more frequent than independent columns would.
 */
async function chanceOfTwin(engine: Engine, trained: string): Promise<number> {
  const [row] = await engine.rows(
    `WITH trained AS (${trained}),
     alike AS (SELECT CAST(count(*) AS DOUBLE) AS n FROM trained GROUP BY observation_date, content),
     days AS (SELECT CAST(count(*) AS DOUBLE) AS n FROM trained GROUP BY observation_date)
     SELECT (SELECT sum(n * (n - 1)) FROM alike) AS twin_pairs, (SELECT sum(n * (n - 1)) FROM days) AS pairs,
       (SELECT count(*) FROM trained) AS trained_rows`,
  );
  const [twinPairs, pairs, rows] = ['twin_pairs', 'pairs', 'trained_rows'].map((name) =>
    Number(row?.[name] ?? 0),
  ) as [number, number, number];
  return pairs === 0 ? 0 : 1 - Math.exp((-twinPairs / pairs) * rows);
}

/** Evaluation rows with a twin in training that independent columns with the frequencies of training would give. */
async function independentTwins(
  engine: Engine,
  features: readonly string[],
  table: string,
  split: string,
): Promise<number> {
  const frequencies = features.map((_, index) => `f${String(index)}.share`).join(' * ');
  const joins = features.map(
    (name, index) =>
      `JOIN (SELECT ${name} AS value, count(*) / (SELECT CAST(count(*) AS DOUBLE) FROM trained) AS share FROM trained GROUP BY ${name}) AS f${String(index)}
         ON f${String(index)}.value IS NOT DISTINCT FROM held.${name}`,
  );
  const [row] = await engine.rows(
    `WITH trained AS (SELECT * FROM ${table} WHERE ${split} = 'train'),
     held AS (SELECT * FROM ${table} WHERE ${split} IN ('stop', 'calibrate', 'test'))
     SELECT coalesce(sum(1 - exp(-(${frequencies}) * (SELECT count(*) FROM trained))), 0.0) AS by_chance
     FROM held ${joins.join(' ')}`,
  );
  return Number(row?.['by_chance'] ?? 0);
}

/** Days up to which labels of one split look, against the first day of the next. */
async function crossingLabels(
  engine: Engine,
  table: string,
  { days, split }: AuditedHorizon,
): Promise<Finding[]> {
  const [row] = await engine.rows(
    `WITH bounds AS (
       SELECT
         min(observation_date) FILTER (WHERE ${split} IN ('stop', 'calibrate')) AS validation_from,
         min(observation_date) FILTER (WHERE ${split} = 'test') AS test_from
       FROM ${table}
     )
     SELECT count(*) FILTER (WHERE ${split} = 'train' AND add_days(observation_date, ${String(days)}) > validation_from) AS into_validation,
       count(*) FILTER (WHERE ${split} IN ('train', 'stop', 'calibrate') AND add_days(observation_date, ${String(days)}) > test_from) AS into_test
     FROM ${table} CROSS JOIN bounds`,
  );
  return [
    ['into_validation', 'validation'],
    ['into_test', 'test'],
  ].flatMap(([name = '', next = '']) => {
    const rows = Number(row?.[name] ?? 0);
    if (rows === 0) return [];
    return [
      {
        kind: 'label_windows_cross' as const,
        feature: undefined,
        evidence: `${String(days)} days: labels of ${groupDigits(rows)} earlier rows look into the ${next} months`,
      },
    ];
  });
}
