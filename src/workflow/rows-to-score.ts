/** Which rows of the feature table are scored: those at risk on its newest day. Both tables must be attached. */
import type { Engine } from '../engine/index.ts';
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import { LABELS_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';

/** The newest observation date, `YYYY-MM-DD`. HF207 where there are no features. */
export async function newestDay(engine: Engine, pack: Pack): Promise<string> {
  const { table } = pack.file.features;
  const [newest] = await engine.rows(`SELECT CAST(max(observation_date) AS STRING) AS day FROM ${table}`);
  if (typeof newest?.['day'] === 'string') return newest['day'];
  throw new HoldfastError('HF207', {
    message: `${table} has no rows`,
    hint: 'deliver data and build again',
  });
}

/** SELECT of the features of a day, of the entities at risk (1) or of those that are not (0). */
export function rowsOfDay(engine: Engine, pack: Pack, day: string, atRisk: 0 | 1): string {
  const key = engine.identifier(pack.file.entity.key);
  return `
    SELECT features.* FROM ${pack.file.features.table} AS features
    JOIN ${LABELS_TABLE} AS labels
      ON labels.${key} = features.${key} AND labels.observation_date = features.observation_date
    WHERE features.observation_date = CAST(${engine.literal(day)} AS DATE) AND labels.at_risk = ${String(atRisk)}`;
}

/** Below these shares of the snapshot before, the newest one is told of, or taken for rows with a wrong date. */
const PARTIAL_SHARE = 0.5;
const STRAY_SHARE = 0.1;

/** A few rows dated ahead must not pass for the newest snapshot: the lists would be all but empty. HF207. */
export async function checkWholeSnapshot(
  { engine, pack, progress }: Pick<Context, 'engine' | 'pack' | 'progress'>,
  scoreDate: string,
): Promise<void> {
  const [newest, before] = await engine.rows(
    `SELECT observation_date, count(*) AS n FROM ${pack.file.features.table}
     GROUP BY observation_date ORDER BY observation_date DESC LIMIT 2`,
  );
  if (newest === undefined || before === undefined) return;
  const share = Number(newest['n']) / Number(before['n']);
  const message = `the snapshot of ${scoreDate} has ${groupDigits(Number(newest['n']))} rows, the one before ${groupDigits(Number(before['n']))}`;
  if (share < STRAY_SHARE)
    throw new HoldfastError('HF207', {
      message,
      hint: 'deliver the rest of the snapshot, or take out rows with a wrong date',
    });
  if (share < PARTIAL_SHARE) progress.warn(`${message}: was it delivered whole?`);
}
