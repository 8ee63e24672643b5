/** The record of work in a table of PostgreSQL, to which several servers write. */
import { openOutage, reasonOf, type StoreLog } from './outage.ts';
import { openPostgresConnection } from './postgres-connection.ts';
import { makeTable, type RecordTable } from './postgres.ts';
import { notKept, type WorkLine, type WorkLines } from './work-lines.ts';

const TABLE: RecordTable = {
  name: 'holdfast_work',
  columns: {
    sequence: 'bigint',
    at: 'timestamptz',
    by_id: 'text',
    by_name: 'text',
    entity_id: 'text',
    action: 'text',
    assignee_id: 'text',
    assignee_name: 'text',
    until: 'date',
    reason: 'text',
    outcome: 'text',
    note: 'text',
  } satisfies Record<keyof WorkLine, string>,
  nullable: [
    'assignee_id',
    'assignee_name',
    'until',
    'reason',
    'outcome',
    'note',
  ] satisfies (keyof WorkLine)[],
  index: 'entity_id' satisfies keyof WorkLine,
};

const NAMES = Object.keys(TABLE.columns) as (keyof WorkLine)[];
const INSERT = `INSERT INTO ${TABLE.name} (${NAMES.join(', ')})
  VALUES (${NAMES.map((name, index) => `$${String(index + 1)}::${TABLE.columns[name] ?? ''}`).join(', ')})
  ON CONFLICT DO NOTHING`;
/** Spelled as they were written, whatever the time zone of the server. */
const SELECT = `SELECT ${NAMES.map((name) => {
  if (name === 'sequence') return 'sequence::float8 AS sequence';
  if (name === 'at') return `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`;
  return name === 'until' ? 'until::text AS until' : name;
}).join(', ')} FROM ${TABLE.name} WHERE sequence >= $1 ORDER BY sequence LIMIT $2`;
/** A reading of many lines must not take longer than a query may. */
const LINES_AT_ONCE = 20_000;
/** After a failure callers are told at once for so long: each would wait for the same. */
const REST_MS = 1000;

/** Opens the record; connects at the first use. `url` has user and password. */
export function openWorkTable(url: string, log: StoreLog): WorkLines {
  const connection = openPostgresConnection(url, (client) => makeTable(client, TABLE));
  const outage = openOutage(log, {
    began: 'PostgreSQL does not answer; no work can be recorded until it does',
    ended: 'PostgreSQL answers again; work can be recorded',
  });
  let failure: { readonly reason: string; readonly until: number } | undefined;

  async function query(
    sql: string,
    values: readonly unknown[],
  ): Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }> {
    if (failure !== undefined && performance.now() < failure.until) throw down(failure.reason);
    try {
      const client = await connection.client();
      const result = await client.query<object>(sql, [...values]);
      failure = undefined;
      outage.ended();
      return result;
    } catch (cause) {
      connection.close();
      const reason = reasonOf(cause);
      failure = { reason, until: performance.now() + REST_MS };
      outage.began(reason);
      throw down(reason, cause);
    }
  }

  return {
    async append(line) {
      const { rowCount } = await query(
        INSERT,
        NAMES.map((name) => line[name]),
      );
      return rowCount === 1 ? 'taken' : 'conflict';
    },
    async readFrom(sequence) {
      const lines: WorkLine[] = [];
      for (;;) {
        const { rows } = await query(SELECT, [sequence + lines.length, LINES_AT_ONCE]);
        for (const row of rows) lines.push(row as WorkLine);
        if (rows.length < LINES_AT_ONCE) return lines;
      }
    },
    [Symbol.asyncDispose]() {
      connection.close();
      return Promise.resolve();
    },
  };
}

const down = (reason: string, cause?: unknown): Error =>
  notKept(
    `PostgreSQL does not answer: ${reason}`,
    'start it, or see that postgres.url is right; what was recorded before is safe',
    cause,
  );
