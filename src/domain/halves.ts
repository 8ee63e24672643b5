/** The validation split's two halves, decided by the entity alone and so the same on every engine. */
import { createHash } from 'node:crypto';

/** `stop` decides early stopping and tuning; `calibrate` fits calibrators and thresholds. */
export type Half = 'stop' | 'calibrate';

/**
 * Half of an entity (or of a group of identical rows) by its key's text: the first 8 hexadecimal
 * digits of the MD5 of its UTF-8 bytes as a number, even `stop`, odd `calibrate`. MD5 spreads keys
 * evenly and exists in every SQL engine; nothing is kept secret by it.
 *
 * Only the last of the 8 digits decides, hence this twin in DuckDB and Spark SQL, in which `key` is
 * cast to text first:
 *
 *     CASE WHEN substr(md5(key), 8, 1) IN ('0', '2', '4', '6', '8', 'a', 'c', 'e')
 *          THEN 'stop' ELSE 'calibrate' END
 */
export function halfOf(key: string): Half {
  const digits = createHash('md5').update(key, 'utf8').digest('hex').slice(0, 8);
  return Number.parseInt(digits, 16) % 2 === 0 ? 'stop' : 'calibrate';
}
