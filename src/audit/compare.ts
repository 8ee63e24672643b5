/** Compares two builds of the same features, to the bit. */
import { type Engine, textOf } from '../engine/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Finding } from './finding.ts';
import { halfOf } from './world.ts';

/** How a feature differs between two builds on one observation date (or on all). */
export interface Difference {
  readonly rows: number;
  /** Of those, rows whose value became NULL. */
  readonly becameNull: number;
  readonly example: NonNullable<Finding['example']>;
}

export interface Comparison {
  /** Entities and dates compared. */
  readonly compared: number;
  /** Of those, rows that the other build does not have. */
  readonly missing: number;
  readonly features: ReadonlyMap<string, Difference>;
}

/** The features as they were first built in the world. */
export const BASE = 'holdfast_base_features';

export async function keepAsBase(engine: Engine, pack: Pack): Promise<void> {
  await engine.execute(`CREATE OR REPLACE TABLE ${BASE} AS SELECT * FROM ${pack.file.features.table}`);
}

/** Compares the features as they are now with the base, on one date or on all, of all entities or of half 0. */
export async function compareWithBase(
  engine: Engine,
  pack: Pack,
  options: { readonly date?: string; readonly onlyUntouched?: boolean } = {},
): Promise<Comparison> {
  const key = engine.identifier(pack.file.entity.key);
  const names = Object.keys(pack.features);
  const where = [
    options.date === undefined
      ? []
      : [`base.observation_date = CAST(${engine.literal(options.date)} AS DATE)`],
    options.onlyUntouched === true ? [`${halfOf(`trim(CAST(base.${key} AS STRING))`)} = 0`] : [],
  ].flat();
  const joined = `
    FROM ${BASE} AS base LEFT JOIN (
      SELECT *, row_number() OVER (PARTITION BY ${key}, observation_date) AS holdfast_copy
      FROM ${pack.file.features.table}
    ) AS other
      ON other.${key} = base.${key} AND other.observation_date = base.observation_date AND other.holdfast_copy = 1
    WHERE ${where.length === 0 ? 'true' : where.join(' AND ')}`;
  const differs = (name: string): string => {
    const quoted = engine.identifier(name);
    return `other.${key} IS NOT NULL AND base.${quoted} IS DISTINCT FROM other.${quoted}`;
  };
  const counts = names.map((name, index) => {
    const changed = differs(name);
    return `count(*) FILTER (WHERE ${changed}) AS changed_${String(index)},
      count(*) FILTER (WHERE ${changed} AND other.${engine.identifier(name)} IS NULL) AS null_${String(index)}`;
  });
  const [row] = await engine.rows(
    `SELECT count(*) AS compared, count(*) FILTER (WHERE other.${key} IS NULL) AS missing, ${counts.join(', ')} ${joined}`,
  );
  const features = new Map<string, Difference>();
  for (const [index, name] of names.entries()) {
    const rows = Number(row?.[`changed_${String(index)}`] ?? 0);
    if (rows === 0) continue;
    const quoted = engine.identifier(name);
    const [example] = await engine.rows(
      `SELECT CAST(base.${key} AS STRING) AS entity, CAST(base.observation_date AS STRING) AS date,
         CAST(base.${quoted} AS STRING) AS value, CAST(other.${quoted} AS STRING) AS instead
       ${joined} AND ${differs(name)} ORDER BY 2, 1 LIMIT 1`,
    );
    features.set(name, {
      rows,
      becameNull: Number(row?.[`null_${String(index)}`] ?? 0),
      example: {
        entity: textOf(example?.['entity']),
        date: textOf(example?.['date']),
        value: shown(example?.['value']),
        instead: shown(example?.['instead']),
      },
    });
  }
  return { compared: Number(row?.['compared'] ?? 0), missing: Number(row?.['missing'] ?? 0), features };
}

const shown = (value: Parameters<typeof textOf>[0]): string =>
  value === null || value === undefined ? 'NULL' : textOf(value);
