/** The logs of the service as views beside the tables of the lake. */
import type { Engine } from '../engine/index.ts';
import { dailyFiles, outcomeFolder, predictionFolder } from '../store/index.ts';

interface LogFacts {
  readonly folder: (stateFolder: string) => string;
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
    folder: predictionFolder,
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
    folder: outcomeFolder,
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
} as const satisfies Record<string, LogFacts>;

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
    const { columns, folder, rows, newest }: LogFacts = LOGS[log];
    const files = await dailyFiles(folder(stateFolder));
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
