import type { Engine } from '../engine/index.ts';
import type { TierSettings } from '../pack/index.ts';
import { SCORES_TABLE } from './scores.ts';

/**
 * The lowest raw score that each rung of a ladder by capacity admitted in the newest batch, whose table is attached:
 * minus infinity where it had room left. Undefined where that batch was scored with another model set, whose raw scores
 * say nothing of this one's, or there is none.
 */
export async function lowestAdmitted(
  engine: Engine,
  { ladder }: TierSettings,
  modelSet: number,
): Promise<readonly number[] | undefined> {
  const newest = `score_date = (SELECT max(score_date) FROM ${SCORES_TABLE})`;
  const [batch] = await engine.rows(
    `SELECT count(*) AS n FROM ${SCORES_TABLE} WHERE ${newest} AND model_set = $modelSet`,
    { modelSet },
  );
  if (Number(batch?.['n'] ?? 0) === 0) return undefined;
  const lowest: number[] = [];
  for (const { name, horizon, capacity = 0 } of ladder) {
    const [row] = await engine.rows(
      `SELECT count(*) AS n, min(raw_score_${String(horizon)}d) AS lowest FROM ${SCORES_TABLE}
       WHERE ${newest} AND model_set = $modelSet AND risk_tier = $name`,
      { modelSet, name },
    );
    const admitted = Number(row?.['n'] ?? 0);
    lowest.push(admitted < capacity ? -Infinity : admitted === 0 ? Infinity : Number(row?.['lowest']));
  }
  return lowest;
}
