import type { TableName } from '../engine/index.ts';
import type { Lake } from './lake.ts';

/** Whether a table is what its definition would make of its inputs now. */
export interface Freshness {
  /** Why the table must be made again; undefined where it is up to date. */
  readonly reason: string | undefined;
  /** Current versions of the inputs that exist. */
  readonly inputs: Readonly<Record<TableName, number>>;
  /** Current version and rows, -1 and 0 where there is no table. */
  readonly version: number;
  readonly rows: number;
}

/**
 * Compares a derived table with its definition (a hash of all that decides its rows besides the inputs,
 * kept in the commit as `holdfast.definition`) and the versions of its inputs.
 */
export async function freshnessOf(
  lake: Lake,
  table: TableName,
  definition: string,
  inputTables: readonly TableName[],
): Promise<Freshness> {
  const inputs: Record<TableName, number> = {};
  for (const input of inputTables)
    if (await lake.exists(input)) inputs[input] = (await lake.snapshot(input)).version;
  if (!(await lake.exists(table)))
    return { reason: 'there is no such table yet', inputs, version: -1, rows: 0 };
  const { info, version, rows } = await lake.snapshot(table);
  if (info.holdfast['definition'] !== definition)
    return { reason: 'its SQL, rules or settings changed', inputs, version, rows };
  const changed = inputTables.find((input) => info.inputs[input] !== inputs[input]);
  return {
    reason: changed === undefined ? undefined : `${changed} has a new version`,
    inputs,
    version,
    rows,
  };
}
