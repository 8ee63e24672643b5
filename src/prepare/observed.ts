import type { Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';

/** A day counts as complete with at least this share of the usual number of rows (of the 28 days before). */
const COMPLETE_SHARE = 0.5;
const USUAL_DAYS = 28;

/** The last complete day of data, and the newest day of all where rows lie after it. */
export interface ObservedTo {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** Rows after that day: a delivery that broke off, or dates in error. */
  readonly rowsAfter: number;
}

/**
 * The last complete day of data: a date of the settings, or the newest day of the densely filled column
 * that the pack names which holds a usual number of rows. A single row dated years ahead must not make
 * labels look known. The table must be attached.
 */
export async function observedTo(engine: Engine, pack: Pack, override?: string): Promise<ObservedTo> {
  const setting = override ?? pack.file.time?.observed_to;
  if (setting === undefined) throw new HoldfastError('HF105', { message: 'the pack has no time section' });
  if (typeof setting === 'string') return { day: setting, rowsAfter: 0 };
  const column = engine.identifier(setting.column);
  const [row] = await engine.rows(
    `WITH days AS (
       SELECT CAST(${column} AS DATE) AS day, count(*) AS n FROM ${setting.table} WHERE ${column} IS NOT NULL GROUP BY 1
     ),
     compared AS (
       SELECT day, n, avg(n) OVER (ORDER BY day ROWS BETWEEN ${String(USUAL_DAYS)} PRECEDING AND 1 PRECEDING) AS usual
       FROM days
     ),
     complete AS (
       SELECT max(day) AS day FROM compared WHERE usual IS NULL OR n >= usual * ${String(COMPLETE_SHARE)}
     )
     SELECT complete.day AS day, CAST(coalesce(sum(days.n), 0) AS BIGINT) AS rows_after
     FROM complete LEFT JOIN days ON days.day > complete.day
     GROUP BY complete.day`,
  );
  if (typeof row?.['day'] === 'string') return { day: row['day'], rowsAfter: Number(row['rows_after']) };
  throw new HoldfastError('HF207', {
    message: `${setting.table} has no dates, so that the last complete day is not known`,
    hint: 'set time.observed_to to a date',
    place: { field: setting.column },
  });
}
