import { HoldfastError } from '../../kernel/index.ts';
import type { ReadFile } from '../engine.ts';

/**
 * The error of a statement that could not read the data files of a lake table; undefined where it failed for
 * another reason. `tables` are the files behind each table.
 */
export function damagedFile(
  message: string,
  tables: ReadonlyMap<string, readonly ReadFile[]>,
  cause: unknown,
): HoldfastError | undefined {
  const found = [...tables].flatMap(([table, files]) =>
    files.filter(({ path }) => message.includes(path)).map(({ path }) => ({ table, path })),
  )[0];
  if (found === undefined) return undefined;
  const [first] = message.split('\n');
  return new HoldfastError('HF309', {
    message: `a data file of ${found.table} cannot be read: ${first ?? message}`,
    hint: 'restore the file from a backup; a table that is made from others is built again once its folder in lake/ is deleted (holdfast build), a bronze table from the files in landing/ (holdfast ingest)',
    place: { file: found.path },
    cause,
  });
}
