/** Rows of today's test split that the models have seen: what makes a measurement look better than it is. */
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { LoadedSet } from '../model/index.ts';
import { splitColumn, TRAINING_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';

/** Rows of test that a model was fitted, stopped or calibrated on; null where that cannot be found out any more. */
export type MovedRows = ReadonlyMap<number, number | null>;

/**
 * Counts them for each horizon of the set, from the version of the training set that each model was trained on:
 * splits move with the pack's dates, and undated rows are drawn anew with a delivery. Leaves the present version
 * (`present`) attached.
 */
export async function countMovedRows(
  { engine, lake, pack }: Context,
  { models }: LoadedSet,
  present: number,
): Promise<MovedRows> {
  const counts = new Map<number, number | null>();
  const key = engine.identifier(pack.file.entity.key);
  // An undated row is dated by the day of its delivery: the entity alone tells that it is the same one.
  const row = pack.file.undated === undefined ? `${key}, observation_date` : key;
  for (const { horizonDays, lineage } of models) {
    const trainedOn = lineage.tables[TRAINING_TABLE];
    if (trainedOn === present) {
      counts.set(horizonDays, 0);
      continue;
    }
    const split = splitColumn(horizonDays);
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
        `CREATE OR REPLACE TEMPORARY TABLE ${SEEN} AS SELECT ${row} FROM ${TRAINING_TABLE} WHERE ${split} IN ('train', 'stop', 'calibrate')`,
      );
    await lake.attach([TRAINING_TABLE]);
    if (!isThere) {
      counts.set(horizonDays, null);
      continue;
    }
    const [found] = await engine.rows(
      `SELECT count(*) AS n FROM (SELECT ${row} FROM ${TRAINING_TABLE} WHERE ${split} = 'test' INTERSECT SELECT ${row} FROM ${SEEN}) AS seen_again`,
    );
    await engine.execute(`DROP TABLE ${SEEN}`);
    counts.set(horizonDays, Number(found?.['n'] ?? 0));
  }
  return counts;
}

const SEEN = 'holdfast_rows_seen';

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
