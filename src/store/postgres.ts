/** Writes records to a table of PostgreSQL, over one connection that is made anew whenever it is lost. */
import type { Client } from 'pg';
import { isOfValues, openPostgresConnection } from './postgres-connection.ts';
import type { InsertedRecords, RecordWriter } from './record-sink.ts';

/** A table that takes records. */
export interface RecordTable {
  readonly name: string;
  /** Type of each column by its name, which is the key in the record; the first tells records apart. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that may be null. */
  readonly nullable: readonly string[];
  /** Column of an index beside the key. */
  readonly index: string;
}

/**
 * A writer to a table, which is made where it is not there. A record that is there already is left as it is, so that a
 * batch can be written again when nobody knows whether it arrived. Connects at the first use; `url` has user and
 * password.
 */
export function openPostgresWriter(url: string, table: RecordTable): RecordWriter {
  const connection = openPostgresConnection(url, (client) => makeTable(client, table));

  async function insert(records: readonly string[]): Promise<InsertedRecords> {
    const open = await connection.client();
    try {
      const { rowCount } = await open.query(insertInto(table), [`[${records.join(',')}]`]);
      return { added: rowCount ?? 0, refused: 0 };
    } catch (error) {
      if (!isOfValues(error)) {
        connection.close();
        throw error;
      }
    }
    // One of them cannot be taken, and must not keep the others away.
    if (records.length === 1) return { added: 0, refused: 1 };
    const half = records.length >> 1;
    const first = await insert(records.slice(0, half));
    const second = await insert(records.slice(half));
    return { added: first.added + second.added, refused: first.refused + second.refused };
  }

  return {
    async insert(records, signal) {
      signal.addEventListener('abort', connection.close, { once: true });
      try {
        return await insert(records);
      } finally {
        signal.removeEventListener('abort', connection.close);
      }
    },
    [Symbol.dispose]() {
      connection.close();
    },
  };
}

/** Makes the table where it is not there. */
export async function makeTable(
  client: Client,
  { name, columns, nullable, index }: RecordTable,
): Promise<void> {
  // Who may not make tables may still write to one that is there.
  const { rows } = await client.query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [
    name,
  ]);
  if (typeof rows[0]?.found === 'string') return;
  const [key] = Object.keys(columns);
  const definitions = Object.entries(columns).map(([column, type]) =>
    [column, type, ...(nullable.includes(column) ? [] : ['NOT NULL'])].join(' '),
  );
  // Of two servers that make it at the same time one would be refused. Several statements in one query are one
  // transaction, at whose end the lock is free again.
  await client.query(
    `SELECT pg_advisory_xact_lock(hashtext('${name}'));
     CREATE TABLE IF NOT EXISTS ${name} (${definitions.join(', ')}, PRIMARY KEY (${String(key)}));
     CREATE INDEX IF NOT EXISTS ${name}_${index} ON ${name} (${index})`,
  );
}

function insertInto({ name, columns }: RecordTable): string {
  const names = Object.keys(columns).join(', ');
  const types = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  return `INSERT INTO ${name} (${names})
    SELECT ${names} FROM json_to_recordset($1::json) AS records(${types.join(', ')})
    ON CONFLICT DO NOTHING`;
}
