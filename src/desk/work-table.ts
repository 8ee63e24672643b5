/** The state of work beside the scores: one row an entity that somebody worked on. */
import type { Engine, Parameters } from '../engine/index.ts';
import type { Work } from './contract.ts';

interface Standing {
  readonly status: Work['status'];
  readonly rule: string | null;
}

/** What people did about an entity, and what that comes to today: that depends on its tier. */
export interface WorkRow {
  readonly id: string;
  readonly ifContacted: Standing;
  readonly ifNotContacted: Standing;
  readonly assignee: { readonly id: string; readonly name: string } | null;
  readonly until: string | null;
  readonly reason: string | null;
  readonly lastOutcome: Work['last_outcome'];
  readonly lastContactAt: string | null;
  readonly contacts: number;
}

const COLUMNS = [
  'id',
  'status_contacted',
  'rule_contacted',
  'status_other',
  'rule_other',
  'assignee_id',
  'assignee_name',
  'until_day',
  'reason',
  'last_outcome',
  'last_contact_at',
  'contacts',
] as const;

/** Rows that are handed over at once: between two portions others are answered. */
const PORTION = 2000;

/** Makes the table of these rows anew; who reads it meanwhile sees the old rows or the new ones. */
export async function loadWork(engine: Engine, table: string, rows: Iterable<WorkRow>): Promise<void> {
  await engine.execute(
    `CREATE TABLE IF NOT EXISTS ${table} (${COLUMNS.map((column) => `${column} ${typeOf(column)}`).join(', ')})`,
  );
  await atOnce(engine, async () => {
    await engine.execute(`DELETE FROM ${table}`);
    for (const portion of portionsOf(rows)) {
      const columns = COLUMNS.map((column) => [column, portion.map((row) => row[column])] as const);
      await engine.loadTexts('holdfast_work', Object.fromEntries(columns));
      await engine.execute(
        `INSERT INTO ${table} SELECT ${COLUMNS.map(castOf).join(', ')} FROM holdfast_work`,
      );
    }
    await engine.execute('DROP TABLE IF EXISTS holdfast_work');
  });
}

function* portionsOf(rows: Iterable<WorkRow>): Generator<ReturnType<typeof textsOf>[]> {
  let portion: ReturnType<typeof textsOf>[] = [];
  for (const row of rows) {
    portion.push(textsOf(row));
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** Puts one row in the place of the one of its entity. */
export async function putWork(engine: Engine, table: string, row: WorkRow): Promise<void> {
  await atOnce(engine, async () => {
    await engine.execute(`DELETE FROM ${table} WHERE id = $id`, { id: row.id });
    const values = COLUMNS.map((column) => castOf(`$${column}`, COLUMNS.indexOf(column)));
    await engine.execute(`INSERT INTO ${table} SELECT ${values.join(', ')}`, textsOf(row));
  });
}

async function atOnce(engine: Engine, change: () => Promise<void>): Promise<void> {
  await engine.execute('BEGIN TRANSACTION');
  try {
    await change();
    await engine.execute('COMMIT');
  } catch (error) {
    await engine.execute('ROLLBACK');
    throw error;
  }
}

function textsOf(row: WorkRow): Record<(typeof COLUMNS)[number], string | null> & Parameters {
  return {
    id: row.id,
    status_contacted: row.ifContacted.status,
    rule_contacted: row.ifContacted.rule,
    status_other: row.ifNotContacted.status,
    rule_other: row.ifNotContacted.rule,
    assignee_id: row.assignee?.id ?? null,
    assignee_name: row.assignee?.name ?? null,
    until_day: row.until,
    reason: row.reason,
    last_outcome: row.lastOutcome,
    last_contact_at: row.lastContactAt,
    contacts: String(row.contacts),
  };
}

const typeOf = (column: string): string =>
  column === 'contacts' ? 'INTEGER' : column === 'last_contact_at' ? 'TIMESTAMPTZ' : 'STRING';
const castOf = (expression: string, index: number): string =>
  `CAST(${expression} AS ${typeOf(COLUMNS[index] ?? '')})`;
