/** Which tables of the Delta protocol Holdfast can read, and which it may write. */
import type { TableName } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import { fieldsOf, type MetaData, type Protocol, type TableState } from './action.ts';

/** The protocol of tables that Holdfast makes: readable by every Delta reader there is. */
export const OUR_PROTOCOL: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

/** Features that ask nothing of a reader, or only a type that the engine has. */
const READABLE = new Set(['timestampNtz', 'vacuumProtocolCheck', 'columnMapping']);
const WRITABLE = new Set(['appendOnly', 'invariants']);

/** A state that has what every table has; HF304 names the feature that stands in the way, HF306 a torn log. */
export function checkReadable(
  table: TableName,
  state: TableState,
): asserts state is TableState & { protocol: Protocol; metaData: MetaData } {
  const { protocol, metaData } = state;
  if (protocol === undefined || metaData === undefined) {
    throw new HoldfastError('HF306', {
      message: `the log of ${table} has no ${protocol === undefined ? 'protocol' : 'metaData'} up to version ${String(state.version)}`,
      hint: 'restore the missing files of _delta_log, or build the table again',
    });
  }
  const missing = missingReaderFeature(protocol, metaData);
  if (missing !== undefined) {
    throw new HoldfastError('HF304', {
      message: `${table} needs the Delta reader feature ${missing}, which Holdfast does not have`,
      hint: `rewrite the table without ${missing}, or read it with the system that wrote it`,
    });
  }
}

function missingReaderFeature(protocol: Protocol, metaData: MetaData): string | undefined {
  if (metaData.format.provider !== 'parquet') return `format ${metaData.format.provider}`;
  const mapping = metaData.configuration?.['delta.columnMapping.mode'] ?? 'none';
  if (mapping !== 'none') return 'columnMapping';
  if (protocol.minReaderVersion > 3) return `readerVersion ${String(protocol.minReaderVersion)}`;
  if (protocol.minReaderVersion < 3) return undefined;
  return (protocol.readerFeatures ?? []).find((feature) => !READABLE.has(feature));
}

/** Refuses to write a table whose rules this writer would not keep (HF308). */
export function checkWritable(
  table: TableName,
  protocol: Protocol,
  metaData: MetaData,
  change: { readonly removesFiles: boolean; readonly keepsSchema: boolean },
): void {
  const { minReaderVersion, minWriterVersion } = protocol;
  const feature = (protocol.writerFeatures ?? []).find((name) => !WRITABLE.has(name));
  if (minReaderVersion > 1 || feature !== undefined || (minWriterVersion > 2 && minWriterVersion !== 7)) {
    const needed = feature ?? `protocol ${String(minReaderVersion)}/${String(minWriterVersion)}`;
    throw refusedWrite(
      table,
      `needs ${needed} of its writers`,
      'write it with the system that made it, or write another table',
    );
  }
  if (change.removesFiles && metaData.configuration?.['delta.appendOnly'] === 'true')
    throw refusedWrite(
      table,
      'takes appended rows only (delta.appendOnly)',
      'append, or write another table',
    );
  if (!change.keepsSchema) return;
  const bound = fieldsOf(metaData).find(
    (field) => !field.nullable || field.metadata['delta.invariants'] !== undefined,
  );
  if (bound !== undefined)
    throw refusedWrite(
      table,
      `has a rule on column ${bound.name} (NOT NULL or an invariant)`,
      'overwrite the table instead',
    );
}

/** A refusal (HF308) to write a table; `what` continues a sentence that begins with its name. */
export function refusedWrite(table: TableName, what: string, hint: string, field?: string): HoldfastError {
  return new HoldfastError('HF308', {
    message: `${table} ${what}`,
    hint,
    ...(field === undefined ? {} : { place: { field } }),
  });
}
