import type { Engine } from '../engine/index.ts';

/**
 * A SELECT of all columns of `source` (a table or a SELECT in brackets), for a CSV file. Text that a
 * spreadsheet would read as a formula gets an apostrophe in front (OWASP, CSV injection).
 */
export async function spreadsheetSelect(
  engine: Engine,
  source: string,
  orderBy: string,
  options: {
    /** Decimals of fractions, for people; all of them where absent. */ readonly decimals?: number;
  } = {},
): Promise<string> {
  const columns = await engine.describe(`SELECT * FROM ${source}`);
  const selected = columns.map(({ name, type }) => {
    const column = engine.identifier(name);
    if (type === 'DOUBLE' && options.decimals !== undefined)
      return `round(${column}, ${String(options.decimals)}) AS ${column}`;
    if (type !== 'VARCHAR') return column;
    return `CASE WHEN substr(${column}, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13)) THEN chr(39) || ${column} ELSE ${column} END AS ${column}`;
  });
  return `SELECT ${selected.join(', ')} FROM ${source} ORDER BY ${orderBy}`;
}
