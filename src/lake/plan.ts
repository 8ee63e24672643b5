import type { Column, TableName } from '../engine/index.ts';
import { canonicalJson } from '../kernel/index.ts';
import { fieldsOf, type TableState } from './action.ts';
import { checkPartitionType, type DeltaField, deltaFieldsOf, engineTypeOf } from './delta-type.ts';
import { checkColumnNames } from './names.ts';
import { checkReadable, checkWritable, refusedWrite } from './support.ts';
import type { TableWrite } from './table-write.ts';

/** The shape that a write gives its table. */
export interface Plan {
  readonly fields: readonly DeltaField[];
  /** The columns of the new rows in the engine's types. */
  readonly columns: readonly Column[];
  readonly partitionColumns: readonly string[];
}

/**
 * Decides the shape of a table after a write of rows with these columns. Refuses what Delta cannot
 * hold (HF305, HF307) and what does not fit the rows that stay (HF308).
 */
export function makePlan(
  table: TableName,
  current: TableState,
  columns: readonly Column[],
  write: TableWrite,
): Plan {
  checkColumnNames(table, columns);
  const fields = deltaFieldsOf(table, columns);
  if (current.version >= 0) {
    checkReadable(table, current);
    checkWritable(table, current.protocol, current.metaData, {
      removesFiles: write.mode !== 'append',
      keepsSchema: write.mode !== 'overwrite',
    });
  }
  const kept = write.mode === 'overwrite' ? undefined : current.metaData;
  const partitionColumns = write.partitionBy ?? kept?.partitionColumns ?? [];
  if (kept !== undefined && canonicalJson(partitionColumns) !== canonicalJson(kept.partitionColumns)) {
    const is = kept.partitionColumns.join(', ') || 'nothing';
    throw refusedWrite(table, `is partitioned by ${is}`, 'overwrite the table to partition it differently');
  }
  const added = kept === undefined ? [] : addedFields(fieldsOf(kept), fields, write);
  if (kept !== undefined) checkSameColumns(table, [...fieldsOf(kept), ...added], fields);
  for (const name of partitionColumns) {
    const field = fields.find((candidate) => candidate.name === name);
    if (field === undefined)
      throw refusedWrite(table, `is partitioned by ${name}, which is not among the columns`, 'select it');
    checkPartitionType(table, field, write.parts !== undefined);
  }
  if (write.mode === 'replace-partitions' && partitionColumns.length === 0)
    throw refusedWrite(
      table,
      'has no partitions to replace',
      'name partition columns, or overwrite the table',
    );
  return { fields: kept === undefined ? fields : [...fieldsOf(kept), ...added], columns, partitionColumns };
}

/** Fields of the new rows that the table does not have yet, where the write may add some. */
function addedFields(
  kept: readonly DeltaField[],
  fields: readonly DeltaField[],
  write: TableWrite,
): DeltaField[] {
  if (write.mayAddColumns !== true) return [];
  // Names that differ in case alone are one column to most readers, and so no new one.
  const names = new Set(kept.map(({ name }) => name.toLowerCase()));
  return fields.filter(({ name }) => !names.has(name.toLowerCase()));
}

function checkSameColumns(
  table: TableName,
  kept: readonly DeltaField[],
  fields: readonly DeltaField[],
): void {
  const typesOf = (list: readonly DeltaField[]): Map<string, string> =>
    new Map(list.map((field) => [field.name, engineTypeOf(table, field.type)]));
  const before = typesOf(kept);
  const after = typesOf(fields);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(name) === after.get(name)) continue;
    const was = before.get(name) ?? 'not there';
    const given = after.get(name) ?? 'not there';
    throw refusedWrite(
      table,
      `has other columns than the new rows: ${name} is ${was} in the table and ${given} in the rows`,
      'select exactly the columns of the table, or overwrite it',
      name,
    );
  }
}
