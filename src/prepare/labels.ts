/**
 * Labels of a dated pack. For horizon h: 1 where an event was placed in [T, T+h), else 0, and NULL (not
 * known yet) where T+h-1 is after the last complete day. An entity with an open event at T is not at risk.
 */
import type { Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';

/** Name of a horizon in columns and messages, such as `30d`. */
export const horizonName = (days: number): string => `${String(days)}d`;

export const labelColumn = (days: number): string => `churned_in_${horizonName(days)}`;

/** SELECT of (key, observation_date, at_risk, churned_in_30d, ...), one row a snapshot. */
export function labelSelect(engine: Engine, pack: Pack, observedToDate: string): string {
  const { time, horizons, entity } = pack.file;
  if (time === undefined) throw new HoldfastError('HF105', { message: 'the pack has no time section' });
  const key = engine.identifier(entity.key);
  const date = engine.identifier(time.spine.date);
  const { event } = time;
  const completed =
    event.completed === undefined
      ? 'CAST(NULL AS DATE)'
      : `CAST(${engine.identifier(event.completed)} AS DATE)`;
  const longest = Math.max(...horizons);
  const observed = `CAST(${engine.literal(observedToDate)} AS DATE)`;
  const labels = horizons.map(
    (days) => `CASE
        WHEN add_days(spine.observation_date, ${String(days - 1)}) > ${observed} THEN NULL
        WHEN upcoming.next_placed < add_days(spine.observation_date, ${String(days)}) THEN 1
        ELSE 0
      END AS ${labelColumn(days)}`,
  );
  return `
    WITH spine AS (
      SELECT ${key}, CAST(${date} AS DATE) AS observation_date FROM ${time.spine.table}
    ),
    events AS (
      SELECT ${key}, CAST(${engine.identifier(event.placed)} AS DATE) AS placed, ${completed} AS completed
      FROM ${event.table}
      WHERE ${engine.identifier(event.placed)} IS NOT NULL
    ),
    upcoming AS (
      SELECT spine.${key}, spine.observation_date, min(events.placed) AS next_placed
      FROM spine
      JOIN events ON events.${key} = spine.${key}
        AND events.placed >= spine.observation_date
        AND events.placed < add_days(spine.observation_date, ${String(longest)})
      GROUP BY spine.${key}, spine.observation_date
    ),
    open AS (
      SELECT DISTINCT spine.${key}, spine.observation_date
      FROM spine
      JOIN events ON events.${key} = spine.${key}
        AND events.placed < spine.observation_date
        AND events.placed >= add_days(spine.observation_date, -${String(event.open_days)})
        AND (events.completed IS NULL OR events.completed >= spine.observation_date)
    )
    SELECT
      spine.${key},
      spine.observation_date,
      CASE WHEN open.${key} IS NULL THEN 1 ELSE 0 END AS at_risk,
      ${labels.join(',\n      ')}
    FROM spine
    LEFT JOIN upcoming ON upcoming.${key} = spine.${key} AND upcoming.observation_date = spine.observation_date
    LEFT JOIN open ON open.${key} = spine.${key} AND open.observation_date = spine.observation_date`;
}

/**
 * SELECT of the labels of an undated pack: 1 where the target has one of its positive values, NULL where
 * it is neither positive nor negative. Entities that are positive have left and are not at risk any more.
 */
export function undatedLabelSelect(engine: Engine, pack: Pack, observedOn: string): string {
  const { undated, horizons, entity } = pack.file;
  if (undated === undefined) throw new HoldfastError('HF105', { message: 'the pack has no undated section' });
  const key = engine.identifier(entity.key);
  const target = `trim(CAST(${engine.identifier(undated.target.column)} AS STRING))`;
  const among = (values: readonly string[]): string =>
    `${target} IN (${values.map((value) => engine.literal(value)).join(', ')})`;
  const negative =
    undated.target.negative === undefined ? `${target} IS NOT NULL` : among(undated.target.negative);
  const split =
    undated.split.method === 'column' ? `, ${engine.identifier(undated.split.column)} AS split_value` : '';
  const label = `CASE WHEN ${among(undated.target.positive)} THEN 1 WHEN ${negative} THEN 0 END`;
  return `
    SELECT
      ${key},
      CAST(${engine.literal(observedOn)} AS DATE) AS observation_date,
      CASE WHEN ${among(undated.target.positive)} THEN 0 ELSE 1 END AS at_risk,
      ${horizons.map((days) => `${label} AS ${labelColumn(days)}`).join(', ')}${split}
    FROM ${undated.table}`;
}
