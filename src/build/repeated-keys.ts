/** Several rows of one entity in the table of an undated pack, where `cleaning.repeated_keys` keeps the first. */
import type { Engine } from '../engine/index.ts';
import type { Pack } from '../pack/index.ts';
import type { QualityLog } from '../quality/index.ts';
import type { DroppedRows } from './expectations.ts';

const PLACE = 'holdfast_place';

export const keepsFirst = ({ file }: Pack, table: string): boolean =>
  file.undated?.table === table && file.cleaning?.repeated_keys === 'keep_first';

/**
 * The rows of `body` with one row an entity. The lake keeps no order of lines, so that the first one is the one that
 * comes first by its contents, column by column: the same whatever the order of delivery. The target is compared last,
 * so that who left never decides which features are kept. Rows without a key stay.
 */
export async function firstOfEachKey(engine: Engine, pack: Pack, body: string): Promise<string> {
  const columns = (await engine.describe(body)).map(({ name }) => engine.identifier(name));
  return `SELECT ${columns.join(', ')} FROM (${placed(engine, pack, body, columns)}) AS placed WHERE ${PLACE} = 1`;
}

/** As `firstOfEachKey`, with the other rows counted and put into quarantine. */
export async function dropRepeatedKeys(
  engine: Engine,
  quality: QualityLog,
  pack: Pack,
  table: string,
  body: string,
): Promise<DroppedRows> {
  const columns = (await engine.describe(body)).map(({ name }) => engine.identifier(name));
  const rows = placed(engine, pack, body, columns);
  const [counted] = await engine.rows(
    `SELECT count(*) AS row_count, count(*) FILTER (WHERE ${PLACE} > 1) AS repeated FROM (${rows}) AS placed`,
  );
  const failedRows = Number(counted?.['repeated'] ?? 0);
  if (failedRows > 0)
    await quality.quarantine(
      table,
      'repeated_key',
      `SELECT CAST(NULL AS VARCHAR) AS source_file, CAST(NULL AS BIGINT) AS line, row_text(repeated) AS text
       FROM (SELECT ${columns.join(', ')} FROM (${rows}) AS placed WHERE ${PLACE} > 1) AS repeated`,
    );
  return {
    select: await firstOfEachKey(engine, pack, body),
    results: [
      {
        table,
        expectation: 'repeated_key',
        action: 'drop',
        status: failedRows === 0 ? 'PASS' : 'WARN',
        failedRows,
        totalRows: Number(counted?.['row_count'] ?? 0),
        description: `one row a ${pack.file.entity.name}: the first is kept`,
      },
    ],
  };
}

function placed(engine: Engine, pack: Pack, body: string, columns: readonly string[]): string {
  const key = engine.identifier(pack.file.entity.key);
  const { undated } = pack.file;
  const target = undated === undefined ? undefined : engine.identifier(undated.target.column);
  const order = columns
    .toSorted((one, other) => Number(one === target) - Number(other === target))
    .map((column) => `${column} NULLS LAST`)
    .join(', ');
  return (
    `SELECT *, CASE WHEN ${key} IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY ${key} ORDER BY ${order}) END ` +
    `AS ${PLACE} FROM (${body}\n) AS rows_of_entities`
  );
}
