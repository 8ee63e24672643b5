import { randomUUID } from 'node:crypto';
import type { TableName } from '../engine/index.ts';
import { canonicalJson } from '../kernel/index.ts';
import { type Action, fieldsOf, type MetaData, type Remove, type TableState } from './action.ts';
import type { DeltaField } from './delta-type.ts';
import { partitionOf } from './file-path.ts';
import type { Plan } from './plan.ts';
import type { StagedFiles } from './staging.ts';
import { OUR_PROTOCOL, refusedWrite } from './support.ts';
import type { PartitionValues, TableWrite } from './table-write.ts';

/** The lines of the commit that turns the current state into the one the write asks for. */
export function makeActions(
  table: TableName,
  current: TableState,
  plan: Plan,
  staged: StagedFiles,
  write: TableWrite,
  origin: { readonly now: Date; readonly engineInfo: string },
): Action[] {
  const now = origin.now.getTime();
  const isNew = current.version < 0;
  const removes = makeRemoves(table, current, plan, staged, write, now);
  const metaData = makeMetaData(current.metaData, plan, write, now);
  const commitInfo = {
    timestamp: now,
    operation: write.info.operation ?? 'WRITE',
    operationParameters: {
      mode: write.mode === 'append' ? 'Append' : 'Overwrite',
      partitionBy: JSON.stringify(plan.partitionColumns),
      ...(write.mode === 'replace-partitions' ? { partitionOverwriteMode: 'dynamic' } : {}),
    },
    ...(isNew ? {} : { readVersion: current.version }),
    isBlindAppend: false,
    operationMetrics: {
      numFiles: String(staged.adds.length),
      numRemovedFiles: String(removes.length),
      numOutputRows: String(staged.rows),
      numOutputBytes: String(staged.bytes),
    },
    engineInfo: origin.engineInfo,
    holdfast: { ...write.info.holdfast, runId: write.info.runId, inputs: { ...write.info.inputs } },
  };
  return [
    { commitInfo },
    ...(isNew ? [{ protocol: OUR_PROTOCOL }] : []),
    ...(metaData === undefined ? [] : [{ metaData }]),
    ...removes.map((remove) => ({ remove })),
    ...staged.adds.map((add) => ({ add })),
  ];
}

function makeRemoves(
  table: TableName,
  current: TableState,
  plan: Plan,
  staged: StagedFiles,
  write: TableWrite,
  now: number,
): Remove[] {
  if (write.mode === 'append') return [];
  const isReplaced = write.mode === 'overwrite' ? () => true : replacedPartitions(table, plan, staged, write);
  return [...current.adds.values()]
    .filter((add) => isReplaced(partitionOf(add.partitionValues, plan.partitionColumns)))
    .map((add) => ({
      path: add.path,
      deletionTimestamp: now,
      dataChange: true,
      extendedFileMetadata: true,
      partitionValues: add.partitionValues ?? {},
      size: add.size,
    }));
}

/** Tells whether a partition is among those that the write replaces. */
function replacedPartitions(
  table: TableName,
  plan: Plan,
  staged: StagedFiles,
  write: TableWrite,
): (partition: PartitionValues) => boolean {
  const occurring = staged.files.map((file) => file.partition);
  const named = write.partitions ?? occurring;
  const unknown = named
    .flatMap((values) => Object.keys(values))
    .find((c) => !plan.partitionColumns.includes(c));
  if (unknown !== undefined)
    throw refusedWrite(table, `has no partition column ${unknown}`, 'name partition columns only', unknown);
  // The values may name some of the columns only, so they are looked up by each set of columns in use.
  const keys = new Set(named.map((values) => canonicalJson(values)));
  const columnSets = new Map(named.map((values) => [Object.keys(values).sort().join(), Object.keys(values)]));
  const isReplaced = (partition: PartitionValues): boolean =>
    [...columnSets.values()].some((columns) =>
      keys.has(canonicalJson(Object.fromEntries(columns.map((name) => [name, partition[name] ?? null])))),
    );
  const outside = occurring.find((partition) => !isReplaced(partition));
  if (outside !== undefined) {
    const which = JSON.stringify(outside);
    throw refusedWrite(
      table,
      `would get rows of partition ${which}, which is not among those to replace`,
      'select rows of the named partitions only',
    );
  }
  return isReplaced;
}

/** The table's new metaData, or undefined where nothing of it changes. */
function makeMetaData(
  before: MetaData | undefined,
  plan: Plan,
  write: TableWrite,
  now: number,
): MetaData | undefined {
  const commentsBefore = new Map(
    (before === undefined ? [] : fieldsOf(before)).map((field) => [field.name, field.metadata['comment']]),
  );
  const fields = plan.fields.map((field): DeltaField => {
    const metadata = { ...field.metadata };
    delete metadata['comment'];
    const comments = write.comments;
    const comment = comments === undefined ? commentsBefore.get(field.name) : comments[field.name];
    return { ...field, metadata: comment === undefined ? metadata : { ...metadata, comment } };
  });
  const description = write.description ?? before?.description;
  const after: MetaData = {
    ...(before ?? { id: randomUUID(), format: { provider: 'parquet', options: {} }, createdTime: now }),
    schemaString: JSON.stringify({ type: 'struct', fields }),
    partitionColumns: [...plan.partitionColumns],
    configuration: { ...(write.properties ?? before?.configuration) },
    ...(description == null ? {} : { description }),
  };
  return before !== undefined && essenceOf(before) === essenceOf(after) ? undefined : after;
}

const essenceOf = (metaData: MetaData): string =>
  canonicalJson([
    fieldsOf(metaData),
    metaData.partitionColumns,
    metaData.configuration ?? {},
    metaData.description ?? null,
  ]);
