import type { Engine } from '../engine/index.ts';
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { Feature, Pack, SqlFile } from '../pack/index.ts';
import { ENTITIES, OBSERVATION_DATE } from './known.ts';

/**
 * Wraps feature SQL: exactly the contract's features in its order, and NULL where a bounded window
 * reaches back before the first day of its source, because a count of 0 would claim to know.
 */
export async function featureSelect(engine: Engine, pack: Pack, file: SqlFile): Promise<string> {
  const key = engine.identifier(pack.file.entity.key);
  const made = (await engine.describe(file.text)).map(({ name }) => name);
  const missing = [pack.file.entity.key, OBSERVATION_DATE, ...Object.keys(pack.features)].filter(
    (name) => !made.includes(name),
  );
  if (missing.length > 0) {
    const near = nearestWord(missing[0] ?? '', made);
    throw new HoldfastError('HF402', {
      message: `the feature table lacks ${missing.join(', ')}, which features.yaml declares`,
      hint:
        near === undefined
          ? 'add the column, or take the feature out of features.yaml'
          : `did you mean ${near}?`,
      place: { file: file.path, field: missing[0] ?? '' },
    });
  }
  const firstDays = await firstDaysOfSources(engine, pack);
  const columns = Object.entries(pack.features).map(([name, feature]) =>
    guarded(engine, name, feature, firstDays),
  );
  if (pack.file.time === undefined)
    return `SELECT ${key}, ${OBSERVATION_DATE}, ${columns.join(', ')} FROM (${file.text}\n) AS features`;
  return `SELECT entities.${key}, ${OBSERVATION_DATE}, ${columns.join(', ')} FROM (${file.text}\n) AS features
    JOIN ${ENTITIES} AS entities ON entities.entity_number = features.${key}`;
}

/** First date of each known table: the source's first day. Undefined for an empty table. */
async function firstDaysOfSources(engine: Engine, pack: Pack): Promise<Map<string, string | undefined>> {
  const firstDays = new Map<string, string | undefined>();
  for (const [name, known] of Object.entries(pack.file.time?.known ?? {})) {
    const [row] = await engine.rows(
      `SELECT CAST(min(${engine.identifier(known.date)}) AS DATE) AS first_day FROM ${known.table}`,
    );
    firstDays.set(name, typeof row?.['first_day'] === 'string' ? row['first_day'] : undefined);
  }
  return firstDays;
}

function guarded(
  engine: Engine,
  name: string,
  feature: Feature,
  firstDays: ReadonlyMap<string, string | undefined>,
): string {
  const quoted = engine.identifier(name);
  if (typeof feature.window === 'string' || !firstDays.has(feature.source)) return quoted;
  const firstDay = firstDays.get(feature.source);
  if (firstDay === undefined) return `CASE WHEN false THEN ${quoted} END AS ${quoted}`;
  const first = `CAST(${engine.literal(firstDay)} AS DATE)`;
  const windowStart =
    'days' in feature.window
      ? `add_days(${OBSERVATION_DATE}, -${String(feature.window.days)})`
      : `add_calendar_months(month_start(${OBSERVATION_DATE}), -${String(feature.window.months)})`;
  const known = 'days' in feature.window ? first : `month_start(${first})`;
  return `CASE WHEN ${windowStart} >= ${known} THEN ${quoted} END AS ${quoted}`;
}
