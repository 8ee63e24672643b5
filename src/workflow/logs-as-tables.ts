/** The logs of the service as views beside the tables of the lake. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Engine } from '../engine/index.ts';
import { predictionFolder } from '../store/index.ts';

/** Columns of each view with the engine's types. */
const LOGS = {
  'serving.predictions': {
    record_id: 'VARCHAR',
    request_id: 'VARCHAR',
    answered_at: 'TIMESTAMP',
    entity_hash: 'VARCHAR',
    model_set: 'BIGINT',
    model_set_hash: 'VARCHAR',
    tier: 'VARCHAR',
    probabilities: 'MAP(VARCHAR, DOUBLE)',
    features: 'JSON',
    features_as_of: 'DATE',
    latency_ms: 'DOUBLE',
    answered_by: 'VARCHAR',
    cached: 'BOOLEAN',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

type LogName = keyof typeof LOGS;

export const isLog = (table: string): table is LogName => Object.hasOwn(LOGS, table);

/** Defines the views of the logs that a query names; a log that has not begun is empty. */
export async function attachLogs(
  engine: Engine,
  stateFolder: string,
  tables: readonly string[],
): Promise<void> {
  const logs = tables.filter(isLog);
  if (logs.length > 0) await engine.execute('CREATE SCHEMA IF NOT EXISTS serving');
  for (const log of logs) {
    const columns = LOGS[log];
    const files = await predictionFiles(stateFolder);
    const empty = Object.entries(columns)
      .map(([name, type]) => `CAST(NULL AS ${type}) AS ${engine.identifier(name)}`)
      .join(', ');
    const rows =
      files.length === 0
        ? `SELECT ${empty} WHERE false`
        : // A torn line gives a row without its request.
          `SELECT * FROM ${engine.jsonLinesSource(files, columns)} WHERE request_id IS NOT NULL`;
    await engine.execute(`CREATE OR REPLACE VIEW ${log} AS ${rows}`);
  }
}

async function predictionFiles(stateFolder: string): Promise<string[]> {
  const folder = predictionFolder(stateFolder);
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => path.join(folder, name));
}
