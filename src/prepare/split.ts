/** Splits as SQL; `splitFor` and `halfOf` of the domain are the reference that tests compare with. */
import type { SplitBoundaries } from '../domain/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Undated } from '../pack/index.ts';
import { horizonName, labelColumn } from './labels.ts';

export const splitColumn = (days: number): string => `split_${horizonName(days)}`;
export const leftOutColumn = (days: number): string => `left_out_${horizonName(days)}`;

/** `stop` for an even last digit of the first eight of the key's MD5, else `calibrate`. */
const halfOfKey = (key: string): string =>
  `CASE WHEN substr(md5(CAST(${key} AS STRING)), 8, 1) IN ('0','2','4','6','8','a','c','e') THEN 'stop' ELSE 'calibrate' END`;

export const halfColumn = (days: number): string => `half_${horizonName(days)}`;

/**
 * SELECT of the rows of a training set that are at risk, whatever split they are in and whether their outcome is
 * known or not. The half of each entity (`stop` or `calibrate`) stands beside each horizon, as half_<h>.
 */
export function historySelect(table: string, key: string, horizons: readonly number[]): string {
  const halves = horizons.map((days) => `${halfOfKey(key)} AS ${halfColumn(days)}`);
  return `SELECT *, ${halves.join(', ')} FROM ${table} WHERE at_risk = 1`;
}

/** Columns split_<h> and left_out_<h> for rows with observation_date, at_risk and the label. */
export function datedSplitColumns(
  engine: Engine,
  key: string,
  days: number,
  boundaries: SplitBoundaries,
): string {
  const validationFrom = `CAST(${engine.literal(boundaries.validationFrom)} AS DATE)`;
  const testFrom = `CAST(${engine.literal(boundaries.testFrom)} AS DATE)`;
  const end = `add_days(observation_date, ${String(days)})`;
  const leftOut = `CASE
        WHEN at_risk = 0 THEN 'open_event'
        WHEN ${labelColumn(days)} IS NULL THEN 'unknown_label'
        WHEN observation_date < ${validationFrom} AND ${end} > ${validationFrom} THEN 'purged'
        WHEN observation_date >= ${validationFrom} AND observation_date < ${testFrom} AND ${end} > ${testFrom} THEN 'purged'
      END`;
  return `CASE
        WHEN ${leftOut} IS NOT NULL THEN NULL
        WHEN observation_date < ${validationFrom} THEN 'train'
        WHEN observation_date < ${testFrom} THEN ${halfOfKey(key)}
        ELSE 'test'
      END AS ${splitColumn(days)},
      ${leftOut} AS ${leftOutColumn(days)}`;
}

/**
 * The groups of an undated pack with their split: identical rows (equal in all features) stay together,
 * strata are the labels, and the order within a stratum is a salted hash of the group.
 */
export function undatedGroups(
  rows: string,
  features: readonly string[],
  days: number,
  split: Undated['split'],
  seed: number,
): string {
  // One call: a thousand columns joined by || are nested too deeply for the engine.
  const content = `concat(${features.map((name) => `coalesce(CAST(${name} AS STRING), '~')`).join(`, '|', `)})`;
  const grouped = `
    grouped AS (SELECT *, md5(${content}) AS group_hash FROM (${rows}\n) AS undated_rows),
    groups AS (
      SELECT group_hash, max(${labelColumn(days)}) AS stratum, count(*) AS size,
        md5('${String(seed)}:' || group_hash) AS place
      FROM grouped
      WHERE ${labelColumn(days)} IS NOT NULL
      GROUP BY group_hash
    )`;
  if (split.method === 'column') return grouped;
  const train = String(split.train);
  const validation = String(split.train + split.validation);
  return `${grouped},
    placed AS (
      SELECT group_hash, place,
        (sum(size) OVER (PARTITION BY stratum ORDER BY place, group_hash ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - size / 2.0)
          / sum(size) OVER (PARTITION BY stratum) AS share
      FROM groups
    ),
    parts AS (
      SELECT group_hash,
        CASE
          WHEN share < ${train} THEN 'train'
          WHEN share < ${validation} THEN ${halfOfKey('place')}
          ELSE 'test'
        END AS part
      FROM placed
    )`;
}

/**
 * The part of a row whose split a column states. Where it states no validation rows, a fifth of the training rows
 * is taken for them, by a hash of the group of identical rows.
 */
export function columnSplit(
  engine: Engine,
  split: Extract<Undated['split'], { method: 'column' }>,
  groupHash: string,
): string {
  const among = (values: readonly string[]): string =>
    values.length === 0
      ? 'false'
      : `trim(CAST(split_value AS STRING)) IN (${values.map((value) => engine.literal(value)).join(', ')})`;
  const isHeldBack =
    split.validation.length > 0 ? 'false' : `substr(md5('validation:' || ${groupHash}), 1, 2) < '33'`;
  return `CASE
      WHEN ${among(split.train)} AND NOT ${isHeldBack} THEN 'train'
      WHEN ${among(split.train)} OR ${among(split.validation)} THEN ${halfOfKey(groupHash)}
      WHEN ${among(split.test)} THEN 'test'
    END`;
}
