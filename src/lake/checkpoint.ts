/**
 * Classic checkpoints: the sum of a log's actions as one Parquet file, so that a reader need not
 * replay every commit. They only ever save time: without one, the commits alone say everything.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../engine/index.ts';
import { type Action, applyActions, emptyState, parseActions, type TableState } from './action.ts';
import { type CheckpointFiles, LOG_FOLDER } from './log-files.ts';

/** Columns of a checkpoint (protocol, "Checkpoint schema") in the engine's types. */
const COLUMNS = {
  txn: 'STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)',
  add:
    'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, ' +
    'dataChange BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR))',
  remove:
    'STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, ' +
    'partitionValues MAP(VARCHAR, VARCHAR), size BIGINT)',
  metaData:
    'STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), ' +
    'schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR), createdTime BIGINT)',
  protocol:
    'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])',
} as const;

/** How long a removed file is remembered at least: Delta's default retention. */
const TOMBSTONE_MS = 7 * 24 * 3600 * 1000;

const MINIMUM_LINE_BYTES = 1_048_576;

/** Reads the table state of a checkpoint. Throws where a file of it is damaged. */
export async function readCheckpoint(engine: Engine, checkpoint: CheckpointFiles): Promise<TableState> {
  const list = checkpoint.paths.map((file) => engine.literal(file)).join(', ');
  const rows = await engine.rows(
    `SELECT CAST(to_json(line) AS VARCHAR) AS line FROM read_parquet([${list}], union_by_name = true) AS line`,
  );
  const [file = ''] = checkpoint.paths;
  const actions = parseActions(
    file,
    rows.map((row) => row['line'] as string),
  );
  const state = emptyState();
  applyActions(state, actions);
  state.version = checkpoint.version;
  return state;
}

/** Writes the checkpoint of a state and points `_last_checkpoint` to it. */
export async function writeCheckpoint(
  engine: Engine,
  folder: string,
  state: TableState,
  now: Date,
): Promise<void> {
  const logFolder = path.join(folder, LOG_FOLDER);
  const temporary = path.join(logFolder, `.checkpoint-${randomUUID()}`);
  const actions = checkpointActions(state, now.getTime() - TOMBSTONE_MS);
  const lines = actions.map((action) => `${JSON.stringify(action)}\n`);
  // The engine sets memory aside in multiples of this, so that it must not be larger than needed.
  const longest = lines.reduce((most, line) => Math.max(most, Buffer.byteLength(line)), MINIMUM_LINE_BYTES);
  const name = `${String(state.version).padStart(20, '0')}.checkpoint.parquet`;
  const columns = Object.entries(COLUMNS).map(([column, type]) => `${column}: ${engine.literal(type)}`);
  try {
    await writeFile(`${temporary}.ndjson`, lines.join(''));
    await engine.execute(
      `COPY (SELECT * FROM read_json(${engine.literal(`${temporary}.ndjson`)}, format = 'newline_delimited', ` +
        `maximum_object_size = ${String(longest)}, columns = {${columns.join(', ')}})) ` +
        `TO ${engine.literal(`${temporary}.parquet`)} (FORMAT parquet)`,
    );
    const { size } = await stat(`${temporary}.parquet`);
    const hint = {
      version: state.version,
      size: actions.length,
      sizeInBytes: size,
      numOfAddFiles: state.adds.size,
    };
    await writeFile(`${temporary}.json`, JSON.stringify(hint));
    await rename(`${temporary}.parquet`, path.join(logFolder, name));
    await rename(`${temporary}.json`, path.join(logFolder, '_last_checkpoint'));
  } finally {
    for (const ending of ['ndjson', 'parquet', 'json']) await rm(`${temporary}.${ending}`, { force: true });
  }
}

function checkpointActions(state: TableState, oldestTombstone: number): Action[] {
  const remembered = [...state.removes.values()].filter(
    (remove) => (remove.deletionTimestamp ?? 0) >= oldestTombstone,
  );
  return [
    ...(state.protocol === undefined ? [] : [{ protocol: state.protocol }]),
    ...(state.metaData === undefined ? [] : [{ metaData: state.metaData }]),
    ...[...state.transactions.values()].map((txn) => ({ txn })),
    ...remembered.map((remove) => ({ remove: { ...remove, dataChange: false } })),
    ...[...state.adds.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ];
}
