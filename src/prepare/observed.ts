import type { Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';

/**
 * The last complete day of data, `YYYY-MM-DD`: a date of the settings, or the newest day of the densely
 * filled column that the pack names. The table must be attached.
 */
export async function observedTo(engine: Engine, pack: Pack, override?: string): Promise<string> {
  if (override !== undefined) return override;
  const setting = pack.file.time?.observed_to;
  if (setting === undefined) throw new HoldfastError('HF105', { message: 'the pack has no time section' });
  if (typeof setting === 'string') return setting;
  const [row] = await engine.rows(
    `SELECT CAST(max(${engine.identifier(setting.column)}) AS DATE) AS day FROM ${setting.table}`,
  );
  if (typeof row?.['day'] === 'string') return row['day'];
  throw new HoldfastError('HF207', {
    message: `${setting.table} has no dates, so that the last complete day is not known`,
    hint: 'set time.observed_to to a date',
    place: { field: setting.column },
  });
}
