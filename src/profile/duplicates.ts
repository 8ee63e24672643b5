import type { TableProfile } from '../domain/index.ts';
import { STAGED, type StagedRows } from './staged-rows.ts';

/** Rows that are there more than once, with and without regard to the key. */
export async function duplicatesOf(
  { engine, columns, rows }: StagedRows,
  key: string | null,
): Promise<TableProfile['duplicates']> {
  const distinct = async (ids: readonly string[]): Promise<number> => {
    if (ids.length === 0) return rows;
    const [counted] = await engine.rows(`SELECT count(DISTINCT hash(${ids.join(', ')})) AS n FROM ${STAGED}`);
    return Number(counted?.['n'] ?? 0);
  };
  const all = columns.map(({ id }) => id);
  const exact = rows - (await distinct(all));
  if (key === null) return { exact, butForTheKey: exact };
  const others = columns.filter(({ name }) => name !== key).map(({ id }) => id);
  return { exact, butForTheKey: rows - (await distinct(others)) };
}
