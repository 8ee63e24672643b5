/** Historical retrieval: features of given entities as they were known on given dates. */
import path from 'node:path';
import { defineKnownViews, featureSelect, knownSources } from '../build/index.ts';
import { type Engine, textOf } from '../engine/index.ts';
import { groupDigits, HoldfastError, nearestWord } from '../kernel/index.ts';
import { LABELS_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';

export interface RetrievedFeatures {
  /** Absolute path of the CSV file written. */
  readonly file: string;
  readonly rows: number;
  /** Rows whose entity has no snapshot on or before the date: their features are NULL or 0. */
  readonly withoutSnapshot: number;
}

const DATE_COLUMN = 'observation_date';
const REJECTS = 'holdfast_entities_rejects';

/**
 * Reads a CSV or Parquet file with the entity key and `observation_date`, and writes the features as known
 * on that date to a CSV file. The snapshot of a date is the entity's newest one on or before it. HF203 for
 * a missing column, HF204 for a date that cannot be read.
 */
export async function retrieveFeatures(
  context: Context,
  entitiesFile: string,
  outFile: string,
): Promise<RetrievedFeatures> {
  const { engine, lake, pack } = context;
  const { time, features, entity } = pack.file;
  if (time === undefined)
    throw new HoldfastError('HF108', {
      message: `the pack ${pack.file.name} has no dates, so that nothing can be retrieved as of one`,
      hint: `read its features with: holdfast query "SELECT * FROM ${features.table}"`,
    });
  const file = pack.sql.find(({ table }) => table === features.table);
  if (file === undefined)
    throw new HoldfastError('HF105', { message: `the pack makes no table ${features.table}` });
  if (path.resolve(entitiesFile) === path.resolve(outFile))
    throw new HoldfastError('HF101', {
      message: 'the file to write is the file of entities',
      hint: 'name another file to write',
      place: { file: outFile },
    });
  await loadEntities(context, entitiesFile);
  await lake.attach([...new Set([...knownSources(pack).values()].flat())]);
  const key = engine.identifier(entity.key);
  const date = engine.identifier(time.spine.date);
  await defineKnownViews(engine, pack, {
    select: `
      SELECT entities.${key}, entities.${DATE_COLUMN}, max(CAST(snapshots.${date} AS DATE)) AS snapshot_date
      FROM holdfast_entities AS entities
      LEFT JOIN ${time.spine.table} AS snapshots
        ON snapshots.${key} = entities.${key} AND CAST(snapshots.${date} AS DATE) <= entities.${DATE_COLUMN}
      GROUP BY entities.${key}, entities.${DATE_COLUMN}`,
  });
  const select = await featureSelect(engine, pack, file);
  await engine.writeCsv(`SELECT * FROM (${select}\n) AS retrieved ORDER BY ${DATE_COLUMN}, ${key}`, outFile);
  const [counts] = await engine.rows(
    'SELECT count(*) AS row_count, count(*) FILTER (WHERE snapshot_date IS NULL) AS without FROM holdfast_spine',
  );
  await warnOfMissingEvents(context);
  return {
    file: path.resolve(outFile),
    rows: Number(counts?.['row_count'] ?? 0),
    withoutSnapshot: Number(counts?.['without'] ?? 0),
  };
}

/** A row left out would be missing from the answer without a word. */
async function refuseMalformed(engine: Engine, file: string): Promise<void> {
  const [first] = await engine.rows(
    `SELECT line, reason, count(*) OVER () AS n FROM (${engine.rejectedRows(REJECTS)}) ORDER BY line LIMIT 1`,
  );
  if (first === undefined) return;
  throw new HoldfastError('HF204', {
    message: `${textOf(first['n'])} rows are malformed, the first: ${textOf(first['reason'])}`,
    hint: 'write UTF-8 text with as many fields a row as the header has',
    place: { file, line: Number(first['line']) },
  });
}

/** Says how many dates lie past the last complete day of data: what happened since then is not in their features. */
async function warnOfMissingEvents({ engine, lake, progress }: Context): Promise<void> {
  if (!(await lake.exists(LABELS_TABLE))) return;
  const observed = (await lake.snapshot(LABELS_TABLE)).info.holdfast['observedTo'];
  if (typeof observed !== 'string') return;
  const [late] = await engine.rows(
    `SELECT count(*) AS n FROM holdfast_entities WHERE ${DATE_COLUMN} > add_days(CAST($observed AS DATE), 1)`,
    { observed },
  );
  const rows = Number(late?.['n'] ?? 0);
  if (rows > 0)
    progress.warn(
      `${groupDigits(rows)} rows ask for a date after ${observed}, the last complete day of data: events since then are missing`,
    );
}

async function loadEntities({ engine, pack }: Context, entitiesFile: string): Promise<void> {
  const place = { file: entitiesFile };
  const isCsv = !entitiesFile.toLowerCase().endsWith('.parquet');
  const source = isCsv
    ? engine.csvSource(entitiesFile, { nullValues: [] })
    : engine.parquetSource(entitiesFile);
  const columns = await engine.describe(`SELECT * FROM ${source}`).catch((cause: unknown) => {
    throw new HoldfastError('HF202', {
      message: 'the file cannot be read',
      hint: `expected CSV or Parquet with the columns ${pack.file.entity.key} and ${DATE_COLUMN}`,
      place,
      cause,
    });
  });
  const names = columns.map(({ name }) => name);
  for (const wanted of [pack.file.entity.key, DATE_COLUMN]) {
    if (names.includes(wanted)) continue;
    const near = nearestWord(wanted, names);
    throw new HoldfastError('HF203', {
      message: `column ${wanted} is missing; the file has ${names.join(', ')}`,
      hint: near === undefined ? 'add the column' : `is it the column ${near}? rename it to ${wanted}`,
      place: { ...place, field: wanted },
    });
  }
  const key = engine.identifier(pack.file.entity.key);
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE holdfast_entities AS
     SELECT trim(CAST(${key} AS STRING)) AS ${key}, try_cast(${DATE_COLUMN} AS DATE) AS ${DATE_COLUMN},
       CAST(${DATE_COLUMN} AS STRING) AS given
     FROM ${isCsv ? engine.csvSource(entitiesFile, { nullValues: [], rejects: REJECTS }) : source}`,
  );
  if (isCsv) await refuseMalformed(engine, entitiesFile);
  const [bad] = await engine.rows(
    `SELECT count(*) AS n, min(given) AS example FROM holdfast_entities WHERE ${DATE_COLUMN} IS NULL OR ${key} IS NULL`,
  );
  if (Number(bad?.['n'] ?? 0) > 0)
    throw new HoldfastError('HF204', {
      message: `${textOf(bad?.['n'])} rows have no ${pack.file.entity.key} or no date, such as ${JSON.stringify(bad?.['example'])}`,
      hint: 'write dates as YYYY-MM-DD',
      place: { ...place, field: DATE_COLUMN },
    });
}
