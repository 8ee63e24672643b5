/** Rows of today's test split that the models have seen: what makes a measurement look better than it is. */
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Snapshot } from '../lake/index.ts';
import type { LoadedSet, StoredModel } from '../model/index.ts';
import type { Pack } from '../pack/index.ts';
import { splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';

/** Rows of test that a model was fitted, stopped or calibrated on; null where that cannot be found out any more. */
export type MovedRows = ReadonlyMap<number, number | null>;

/**
 * Counts them for each horizon of the set, from the version of the training set that each model was trained on:
 * splits move with the pack's dates, and undated rows are drawn anew with a delivery. Leaves the present snapshot
 * attached.
 */
export async function countMovedRows(
  context: Context,
  { models }: LoadedSet,
  present: Snapshot | undefined,
): Promise<MovedRows> {
  const { engine, pack } = context;
  const counts = new Map<number, number | null>();
  for (const model of models) {
    const seen = await listSeenRows(context, model, present, SEEN);
    if (seen !== 'listed') {
      counts.set(model.horizonDays, seen === 'none' ? 0 : null);
      continue;
    }
    const row = rowKey(engine, pack).join(', ');
    const [found] = await engine.rows(
      `SELECT count(*) AS n FROM (SELECT ${row} FROM ${TRAINING_TABLE} WHERE ${splitColumn(model.horizonDays)} = 'test' INTERSECT SELECT ${row} FROM ${SEEN}) AS seen_again`,
    );
    await engine.execute(`DROP TABLE ${SEEN}`);
    counts.set(model.horizonDays, Number(found?.['n'] ?? 0));
  }
  return counts;
}

const SEEN = 'holdfast_rows_seen';

/** An undated row is dated by the day of its delivery: the entity alone tells that it is the same one. */
function rowKey(engine: Engine, pack: Pack): string[] {
  const key = engine.identifier(pack.file.entity.key);
  return pack.file.undated === undefined ? [key, 'observation_date'] : [key];
}

/**
 * Lists the rows that a model was fitted, stopped or calibrated on in a temporary table, by key and date: `none` where
 * it was trained on the present version, whose test rows are others; `unknown` where that version is gone, or of
 * another lake.
 */
async function listSeenRows(
  { engine, lake, pack }: Context,
  { horizonDays, lineage, provenance }: StoredModel,
  present: Snapshot | undefined,
  table: string,
): Promise<'none' | 'unknown' | 'listed'> {
  const trainedOn = lineage.tables[TRAINING_TABLE];
  if (provenance.trainingSetId !== undefined && provenance.trainingSetId !== present?.id) return 'unknown';
  if (trainedOn === present?.version) return 'none';
  const isThere = await lake.attach([TRAINING_TABLE], { [TRAINING_TABLE]: trainedOn ?? -1 }).then(
    () => true,
    (error: unknown) => {
      // Vacuumed, or of another workspace.
      if (error instanceof HoldfastError && error.code === 'HF302') return false;
      throw error;
    },
  );
  if (isThere)
    await engine.execute(
      `CREATE OR REPLACE TEMPORARY TABLE ${table} AS SELECT ${rowKey(engine, pack).join(', ')} FROM ${TRAINING_TABLE} WHERE ${splitColumn(horizonDays)} IN ('train', 'stop', 'calibrate')`,
    );
  await lake.attach([TRAINING_TABLE], present === undefined ? {} : { [TRAINING_TABLE]: present.version });
  return isThere ? 'listed' : 'unknown';
}

/**
 * SQL expressions over `rows` by horizon: 1 for a row of the present training set that the model of the horizon has
 * seen, else 0; null where nobody can tell any more. `name` keeps the lists of several sets apart.
 */
export async function seenExpressions(
  context: Context,
  { models }: LoadedSet,
  present: Snapshot | undefined,
  name: string,
): Promise<ReadonlyMap<number, string | null>> {
  const columns = rowKey(context.engine, context.pack);
  const expressions = new Map<number, string | null>();
  for (const model of models) {
    const table = `${SEEN}_${name}_${String(model.horizonDays)}`;
    const seen = await listSeenRows(context, model, present, table);
    const isListed = `(${columns.map((column) => `rows.${column}`).join(', ')}) IN (SELECT (${columns.join(', ')}) FROM ${table})`;
    expressions.set(
      model.horizonDays,
      seen === 'none' ? '0' : seen === 'unknown' ? null : `CASE WHEN ${isListed} THEN 1 ELSE 0 END`,
    );
  }
  return expressions;
}

/**
 * Throws HF207 where rows of test were trained on, unless the user takes that into account; warns of them, and where
 * nobody can tell.
 */
export function refuseMovedRows({ progress }: Context, moved: MovedRows, isAllowed: boolean): void {
  const found = [...moved].filter(([, rows]) => rows !== null && rows > 0);
  const seen = found
    .map(([days, rows]) => `${groupDigits(rows ?? 0)} of the ${String(days)}-day model`)
    .join(', ');
  if (found.length > 0 && !isAllowed)
    throw new HoldfastError('HF207', {
      message: `the splits have moved since the models were trained: rows of test were used in training, ${seen}`,
      hint: 'train again for figures that hold (holdfast run --retrain), or measure all the same with holdfast evaluate --allow-moved-split',
    });
  if (found.length > 0)
    progress.warn(
      `rows of test were used in training (${seen}): the figures look better than the models are`,
    );
  if ([...moved.values()].includes(null))
    progress.warn(
      'the training set has changed since the models were trained, and the version of then is gone: rows of test may have been trained on; train again for figures that hold',
    );
}
