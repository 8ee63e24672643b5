/** The logs of the service as views beside the tables of the lake. */
import { existsSync } from 'node:fs';
import type { Engine } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import { dailyFiles, lookFolder, outcomeFolder, predictionFolder, workFile } from '../store/index.ts';

interface LogFacts {
  readonly files: (stateFolder: string) => Promise<string[]>;
  /** Condition that torn lines fail. */
  readonly rows: string;
  /** Condition over all rows that those fail which a later one stands for. */
  readonly newest: string | undefined;
  readonly columns: Readonly<Record<string, string>>;
}

/** Of several lines about the same, the last one stands: processes may have taken it apart from each other. */
const NEWEST_OUTCOME =
  'row_number() OVER (PARTITION BY entity_hash, observed_on, horizon, request_id ORDER BY received_at DESC) = 1';

/** Each view: where its files are, its columns with the engine's types, and which lines are rows of it. */
const LOGS = {
  'serving.predictions': {
    files: (stateFolder) => dailyFiles(predictionFolder(stateFolder)),
    // A torn line gives a row without its request.
    rows: 'request_id IS NOT NULL',
    newest: undefined,
    columns: {
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
  },
  'serving.outcomes': {
    files: (stateFolder) => dailyFiles(outcomeFolder(stateFolder)),
    rows: 'entity_hash IS NOT NULL',
    newest: NEWEST_OUTCOME,
    columns: {
      received_at: 'TIMESTAMP',
      entity_hash: 'VARCHAR',
      outcome: 'VARCHAR',
      observed_on: 'DATE',
      horizon: 'VARCHAR',
      request_id: 'VARCHAR',
    },
  },
  'serving.work': {
    files(stateFolder) {
      const file = workFile(stateFolder);
      return Promise.resolve(existsSync(file) ? [file] : []);
    },
    rows: 'sequence IS NOT NULL',
    newest: undefined,
    columns: {
      sequence: 'BIGINT',
      at: 'TIMESTAMP',
      by_id: 'VARCHAR',
      by_name: 'VARCHAR',
      entity_id: 'VARCHAR',
      action: 'VARCHAR',
      assignee_id: 'VARCHAR',
      assignee_name: 'VARCHAR',
      until: 'DATE',
      reason: 'VARCHAR',
      outcome: 'VARCHAR',
      note: 'VARCHAR',
    },
  },
  'serving.looks': {
    files: (stateFolder) => dailyFiles(lookFolder(stateFolder)),
    rows: 'request_id IS NOT NULL',
    newest: undefined,
    columns: {
      at: 'TIMESTAMP',
      by_id: 'VARCHAR',
      by_name: 'VARCHAR',
      by_role: 'VARCHAR',
      what: 'VARCHAR',
      entity_id: 'VARCHAR',
      rows: 'BIGINT',
      filter: 'JSON',
      request_id: 'VARCHAR',
    },
  },
} as const satisfies Record<string, LogFacts>;

type LogName = keyof typeof LOGS;

export const isLog = (table: string): table is LogName => Object.hasOwn(LOGS, table);

export interface LogPlaces {
  /** The state folder. */
  readonly state: string;
  /** Where there is a database, work is there and not in the state folder. */
  readonly postgres: { readonly url: string | undefined };
}

/**
 * Defines the views of the logs that a query names; a log that has not begun is empty. HF405 for `serving.work` where
 * the record of work is in PostgreSQL.
 */
export async function attachLogs(
  engine: Engine,
  { state, postgres }: LogPlaces,
  tables: readonly string[],
): Promise<void> {
  const logs = tables.filter(isLog);
  if (logs.includes('serving.work') && postgres.url !== undefined)
    throw new HoldfastError('HF405', {
      message: 'the record of work is in PostgreSQL, where postgres.url points to',
      hint: 'ask the table holdfast_work of that database, which has the same columns',
    });
  if (logs.length > 0) await engine.execute('CREATE SCHEMA IF NOT EXISTS serving');
  for (const log of logs) {
    const { columns, files: filesOf, rows, newest }: LogFacts = LOGS[log];
    const files = await filesOf(state);
    const names = Object.keys(columns).map((name) => engine.identifier(name));
    const empty = Object.values(columns).map(
      (type, index) => `CAST(NULL AS ${type}) AS ${names[index] ?? ''}`,
    );
    const lines =
      files.length === 0
        ? `SELECT ${empty.join(', ')} WHERE false`
        : `SELECT * FROM ${engine.jsonLinesSource(files, columns)} WHERE ${rows}`;
    const standing =
      newest === undefined
        ? lines
        : `SELECT ${names.join(', ')} FROM (SELECT *, ${newest} AS holdfast_stands FROM (${lines}) AS lines) AS ranked WHERE holdfast_stands`;
    await engine.execute(`CREATE OR REPLACE VIEW ${log} AS ${standing}`);
  }
}
