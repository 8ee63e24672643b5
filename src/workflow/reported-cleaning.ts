import { type Row, textOf } from '../engine/index.ts';
import type { ModelReport } from '../report/index.ts';
import type { Context } from './context.ts';

const TABLE = 'quality.cleaning_results';

type Reported = NonNullable<ModelReport['cleaning']>;

/** What cleaning did when a set was trained and when rows were scored with it last; undefined where nothing was cleaned. */
export async function reportedCleaning(
  { engine, lake }: Context,
  modelSet: number,
): Promise<Reported | undefined> {
  if (!(await lake.exists(TABLE))) return undefined;
  await lake.attach([TABLE]);
  const newest = async (purpose: 'train' | 'score'): Promise<Reported['trained']> => {
    const rows = await engine.rows(
      `SELECT feature, column_type, total_rows, missing_rows, impossible_rows, unseen_rows, outlier_rows,
         replaced_rows, capped_rows, done
       FROM (SELECT *, rank() OVER (ORDER BY checked_at DESC, run_id DESC) AS newest
         FROM ${TABLE} WHERE purpose = '${purpose}' AND model_set = ${String(modelSet)}) AS results
       WHERE newest = 1 ORDER BY feature`,
    );
    return rows.map(lineOf);
  };
  const trained = await newest('train');
  return trained.length === 0 ? undefined : { trained, scored: await newest('score') };
}

const lineOf = (row: Row): Reported['trained'][number] => ({
  feature: textOf(row['feature']),
  columnType: textOf(row['column_type']),
  rows: Number(row['total_rows']),
  missing: Number(row['missing_rows']),
  impossible: Number(row['impossible_rows']),
  unseen: Number(row['unseen_rows']),
  outliers: Number(row['outlier_rows']),
  replaced: Number(row['replaced_rows']),
  capped: Number(row['capped_rows']),
  done: textOf(row['done']),
});
