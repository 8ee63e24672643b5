/** Rows of one entity. Its key is bound, and compared in the type of its column: so the engine reads few blocks. */
import type { Engine, Row } from '../engine/index.ts';
import type { LakeView } from './lake-views.ts';

const WHOLE: readonly unknown[] = ['byte', 'short', 'integer', 'long'];

/** A condition on the key of a table for the placeholder `$entity`, which holds the key as text. */
export function isEntity(engine: Engine, { snapshot }: LakeView, keyName: string): string {
  const key = engine.identifier(keyName);
  const type = snapshot.fields.find(({ name }) => name === keyName)?.type;
  if (type === 'string') return `${key} = $entity`;
  const asText = `CAST(${key} AS STRING) = $entity`;
  // `007` is not the key 7.
  return WHOLE.includes(type) ? `${key} = TRY_CAST($entity AS BIGINT) AND ${asText}` : asText;
}

/** The rows of an entity in the table of scores, the newest first, with its date as `day`. */
export function scoreRowsOf(
  engine: Engine,
  scores: LakeView,
  keyName: string,
  entity: string,
): Promise<Row[]> {
  return engine.rows(
    `SELECT *, CAST(score_date AS STRING) AS day FROM ${scores.name}
     WHERE ${isEntity(engine, scores, keyName)} ORDER BY score_date DESC`,
    { entity },
  );
}

/** The features of an entity on a day; undefined where there are none. */
export async function featureRowOf(
  engine: Engine,
  features: LakeView,
  keyName: string,
  { entity, day }: { readonly entity: string; readonly day: string },
): Promise<Row | undefined> {
  const [row] = await engine.rows(
    `SELECT * FROM ${features.name}
     WHERE ${isEntity(engine, features, keyName)} AND observation_date = CAST($day AS DATE)`,
    { entity, day },
  );
  return row;
}

/** The newest score date with its rows; undefined where there are none. */
export async function newestScores(
  engine: Engine,
  scores: LakeView,
): Promise<{ readonly day: string; readonly rows: number } | undefined> {
  const [row] = await engine.rows(
    `SELECT CAST(score_date AS STRING) AS day, count(*) AS n FROM ${scores.name}
     GROUP BY score_date ORDER BY score_date DESC LIMIT 1`,
  );
  return typeof row?.['day'] === 'string' ? { day: row['day'], rows: Number(row['n']) } : undefined;
}
