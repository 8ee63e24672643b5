/** All rows that a query leaves, as a file for a spreadsheet. */
import { type Engine, textOf } from '../engine/index.ts';
import type { CustomersQuery } from './contract.ts';
import { conditionOf, fromModel, orderOf, STATUS } from './customers-filter.ts';
import type { Question } from './customers-query.ts';
import type { ReadModel } from './read-model.ts';

/** Temporary table of the rows; the session that has it is not used for anything else until it is dropped. */
export const EXPORT_TABLE = 'holdfast_export';
/** Column by which its rows are in order, from 1. */
export const EXPORT_ORDER = 'export_row';

/** Makes the table of the rows, and says how many there are. @throws HF611 as a page does. */
export async function fillExport(question: Question, query: CustomersQuery, key: string): Promise<number> {
  const { engine, model } = question;
  const condition = conditionOf(query, model, question);
  const order = orderOf(query, model).map(({ expression, direction }) => `${expression} ${direction}`);
  await engine.execute(
    `CREATE TEMPORARY TABLE ${EXPORT_TABLE} AS
     SELECT row_number() OVER (ORDER BY ${order.join(', ')}) AS ${EXPORT_ORDER}, ${columnsOf(engine, model, key)}
     ${fromModel(model)} WHERE ${condition.sql}`,
    condition.parameters,
  );
  const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${EXPORT_TABLE}`);
  return Number(counted?.['n'] ?? 0);
}

function columnsOf(engine: Engine, model: ReadModel, key: string): string {
  const own: [expression: string, name: string][] = [
    ['scores.id', key],
    [`CAST(${engine.literal(model.asOf)} AS DATE)`, 'score_date'],
    ['scores.tier', 'tier'],
    ['scores.tier_before', 'tier_before'],
    ...model.horizons.map((days): [string, string] => [
      `scores.probability_${String(days)}d`,
      `probability_${String(days)}d`,
    ]),
    ...['value_at_risk', 'remaining_value', 'expected_gain'].map((name): [string, string] => [
      `scores.${name}`,
      name,
    ]),
    ...[...model.reasonColumns, 'intervention', 'action', 'owner', 'sla', 'contact_by'].map(
      (name): [string, string] => [`scores.${name}`, name],
    ),
    [STATUS, 'status'],
    ['CASE WHEN scores.is_contacted THEN work.rule_contacted ELSE work.rule_other END', 'status_rule'],
    ['work.assignee_name', 'assignee'],
    ['work.until_day', 'snoozed_until'],
    ['work.reason', 'status_reason'],
    ['work.last_outcome', 'last_outcome'],
    ['work.last_contact_at', 'last_contact_at'],
    ['coalesce(work.contacts, 0)', 'contacts'],
  ];
  const taken = new Set(own.map(([, name]) => name.toLowerCase()));
  const features = [...model.segments, ...model.shown].flatMap(({ name, column }): [string, string][] => {
    if (taken.has(name.toLowerCase())) return [];
    taken.add(name.toLowerCase());
    return [[`scores.${column}`, name]];
  });
  return [...own, ...features]
    .map(([expression, name]) => `${expression} AS ${engine.identifier(name)}`)
    .join(', ');
}

const ROWS_AT_ONCE = 1000;
const LINES_TABLE = 'holdfast_export_lines';

/**
 * The text of the file, piece by piece; each ends with a line. `select` gives the rows of the table with cells that are
 * safe in a spreadsheet. Lines are made by the engine, all at once: what is left to do for a piece is to hand it over.
 */
export async function* csvPieces(engine: Engine, select: string): AsyncGenerator<string> {
  const names = (await engine.describe(select))
    .map(({ name }) => name)
    .filter((name) => name !== EXPORT_ORDER);
  const cells = names.map((name) => {
    const text = `CAST(${engine.identifier(name)} AS STRING)`;
    const isQuoted = ['chr(34)', `','`, 'chr(10)', 'chr(13)'].map((sign) => `contains(${text}, ${sign})`);
    return `CASE WHEN ${isQuoted.join(' OR ')} THEN '"' || replace(${text}, '"', '""') || '"' ELSE coalesce(${text}, '') END`;
  });
  await engine.execute(
    `CREATE TEMPORARY TABLE ${LINES_TABLE} AS SELECT ${EXPORT_ORDER}, concat_ws(',', ${cells.join(', ')}) AS line FROM (${select}) AS safe`,
  );
  yield `${names.map(quoted).join(',')}\n`;
  for (let from = 1; ; from += ROWS_AT_ONCE) {
    const [piece] = await engine.rows(
      `SELECT string_agg(line, chr(10) ORDER BY ${EXPORT_ORDER}) AS text FROM ${LINES_TABLE}
       WHERE ${EXPORT_ORDER} >= CAST($from AS BIGINT) AND ${EXPORT_ORDER} < CAST($to AS BIGINT)`,
      { from, to: from + ROWS_AT_ONCE },
    );
    const text = textOf(piece?.['text']);
    if (text === '') return;
    yield `${text}\n`;
  }
}

/** Drops the tables of a file. */
export async function dropExport(engine: Engine): Promise<void> {
  await engine.execute(`DROP TABLE IF EXISTS ${EXPORT_TABLE}; DROP TABLE IF EXISTS ${LINES_TABLE}`);
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
