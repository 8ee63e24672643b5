import type { Column, Engine } from '../engine/index.ts';

/** A table that is copied once as text, so that every look at a column is quick and sees the same rows. */
export interface StagedRows {
  readonly engine: Engine;
  readonly rows: number;
  readonly columns: readonly StagedColumn[];
}

export interface StagedColumn {
  readonly name: string;
  readonly storedType: string;
  /** Its name in the staged table: the names of a file may be anything. */
  readonly id: string;
}

export const STAGED = 'holdfast_profile_rows';

/** Copies the rows of a FROM expression. The caller drops them by `dropStaged`. */
export async function stageRows(
  engine: Engine,
  from: string,
  columns: readonly Column[],
): Promise<StagedRows> {
  const staged = columns.map(({ name, type }, index) => ({
    name,
    storedType: type,
    id: `c${String(index)}`,
  }));
  // A blank at an end is never meant; a byte-order mark or a non-breaking space neither.
  const texts = staged.map(
    ({ name, id }) =>
      `trim(CAST(${engine.identifier(name)} AS VARCHAR), ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)) AS ${id}`,
  );
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${STAGED} AS
     SELECT row_number() OVER () AS row_index, ${texts.join(', ')} FROM ${from}`,
  );
  const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${STAGED}`);
  return { engine, rows: Number(counted?.['n'] ?? 0), columns: staged };
}

export const dropStaged = (engine: Engine): Promise<void> => engine.execute(`DROP TABLE IF EXISTS ${STAGED}`);
