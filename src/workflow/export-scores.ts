import path from 'node:path';
import { SCORES_TABLE, spreadsheetSelect } from '../decide/index.ts';
import { textOf } from '../engine/index.ts';
import type { Context } from './context.ts';

/** The newest scores as one CSV file. */
export interface ExportedScores {
  /** Absolute path. */
  readonly file: string;
  readonly rows: number;
  readonly scoreDate: string;
}

/** Writes all rows of the newest score date to a CSV file, by entity. HF301 where nothing was scored yet. */
export async function exportScores({ engine, lake, pack }: Context, file: string): Promise<ExportedScores> {
  await lake.attach([SCORES_TABLE]);
  const [newest] = await engine.rows(
    `SELECT CAST(max(score_date) AS STRING) AS day, count(*) FILTER (WHERE score_date = newest_date) AS row_count
     FROM (SELECT score_date, max(score_date) OVER () AS newest_date FROM ${SCORES_TABLE}) AS dated`,
  );
  const rows = `(SELECT * FROM ${SCORES_TABLE} WHERE score_date = (SELECT max(score_date) FROM ${SCORES_TABLE})) AS newest`;
  const absolute = path.resolve(file);
  await engine.writeCsv(
    await spreadsheetSelect(engine, rows, engine.identifier(pack.file.entity.key)),
    absolute,
  );
  return {
    file: absolute,
    rows: Number(newest?.['row_count'] ?? 0),
    scoreDate: textOf(newest?.['day']),
  };
}
