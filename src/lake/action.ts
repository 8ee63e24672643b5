/**
 * The actions of a Delta log and the table state they add up to (protocol, "Actions"). Logs of other
 * writers are read too, so each line is checked, and absent and null mean the same.
 */
import { z } from 'zod';
import { HoldfastError } from '../kernel/index.ts';
import type { DeltaField } from './delta-type.ts';

const textMap = z.record(z.string(), z.string());
const partitionValues = z.record(z.string(), z.string().nullable());

const protocolSchema = z.object({
  minReaderVersion: z.number().int(),
  minWriterVersion: z.number().int(),
  readerFeatures: z.array(z.string()).nullish(),
  writerFeatures: z.array(z.string()).nullish(),
});

const metaDataSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  format: z.object({ provider: z.string(), options: textMap.nullish() }),
  schemaString: z.string(),
  partitionColumns: z.array(z.string()),
  configuration: textMap.nullish(),
  createdTime: z.number().nullish(),
});

const addSchema = z.object({
  path: z.string(),
  partitionValues: partitionValues.nullish(),
  size: z.number(),
  modificationTime: z.number(),
  dataChange: z.boolean(),
  stats: z.string().nullish(),
  stats_parsed: z.object({ numRecords: z.number().nullish() }).nullish(),
  tags: z.record(z.string(), z.string().nullable()).nullish(),
});

const removeSchema = z.object({
  path: z.string(),
  deletionTimestamp: z.number().nullish(),
  dataChange: z.boolean(),
  extendedFileMetadata: z.boolean().nullish(),
  partitionValues: partitionValues.nullish(),
  size: z.number().nullish(),
});

const transactionSchema = z.object({
  appId: z.string(),
  version: z.number(),
  lastUpdated: z.number().nullish(),
});

const commitInfoSchema = z.looseObject({
  timestamp: z.number().nullish(),
  operation: z.string().nullish(),
  operationParameters: z.record(z.string(), z.unknown()).nullish(),
  engineInfo: z.string().nullish(),
  holdfast: z.record(z.string(), z.json()).nullish(),
});

const actionSchema = z.object({
  protocol: protocolSchema.nullish(),
  metaData: metaDataSchema.nullish(),
  add: addSchema.nullish(),
  remove: removeSchema.nullish(),
  txn: transactionSchema.nullish(),
  // Free form by the protocol: one that cannot be read says nothing, but harms nothing.
  commitInfo: commitInfoSchema.nullish().catch(null),
});

export type Protocol = z.infer<typeof protocolSchema>;
export type MetaData = z.infer<typeof metaDataSchema>;
export type Add = z.infer<typeof addSchema>;
export type Remove = z.infer<typeof removeSchema>;
export type Transaction = z.infer<typeof transactionSchema>;
export type LoggedCommitInfo = z.infer<typeof commitInfoSchema>;
/** One line of a commit; kinds that Holdfast has no use for are empty. */
export type Action = z.infer<typeof actionSchema>;

/** What a table is at one version: the sum of all actions up to it. */
export interface TableState {
  version: number;
  protocol: Protocol | undefined;
  metaData: MetaData | undefined;
  /** Live files by path as logged. */
  readonly adds: Map<string, Add>;
  /** Files that were removed, by path as logged. */
  readonly removes: Map<string, Remove>;
  /** Marks of streaming writers, by application. */
  readonly transactions: Map<string, Transaction>;
}

/** The state before the first commit. */
export function emptyState(): TableState {
  return {
    version: -1,
    protocol: undefined,
    metaData: undefined,
    adds: new Map(),
    removes: new Map(),
    transactions: new Map(),
  };
}

/** Parses the lines of a commit or checkpoint; HF306 names the file and line that is damaged. */
export function parseActions(file: string, lines: readonly string[]): Action[] {
  const actions: Action[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    try {
      actions.push(actionSchema.parse(JSON.parse(line)));
    } catch (cause) {
      throw new HoldfastError('HF306', {
        message: 'a line of the table log is not a valid Delta action',
        hint: 'restore the file from a backup, or remove the table folder and build the table again',
        place: { file, line: index + 1 },
        cause,
      });
    }
  });
  return actions;
}

/** Applies one commit's actions to the state, in place. */
export function applyActions(state: TableState, actions: readonly Action[]): void {
  for (const { protocol, metaData, add, remove, txn } of actions) {
    if (protocol != null) state.protocol = protocol;
    if (metaData != null) state.metaData = metaData;
    if (txn != null) state.transactions.set(txn.appId, txn);
    if (remove != null) {
      state.adds.delete(remove.path);
      state.removes.set(remove.path, remove);
    }
    if (add != null) {
      state.removes.delete(add.path);
      state.adds.set(add.path, add);
    }
  }
}

/** Rows of a file as its statistics say, or undefined where the writer left none. */
export function rowsOf(add: Add): number | undefined {
  const parsed = add.stats_parsed?.numRecords;
  if (add.stats == null || add.stats === '') return parsed ?? undefined;
  const stats: unknown = JSON.parse(add.stats);
  const rows =
    typeof stats === 'object' && stats !== null && 'numRecords' in stats ? stats.numRecords : undefined;
  return typeof rows === 'number' ? rows : (parsed ?? undefined);
}

/** The fields of a table's schema. */
export function fieldsOf(metaData: MetaData): DeltaField[] {
  return (JSON.parse(metaData.schemaString) as { fields: DeltaField[] }).fields;
}
