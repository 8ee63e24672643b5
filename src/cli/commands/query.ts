import { groupDigits } from '../../kernel/index.ts';
import type { CommandModule, CommandResult } from '../command.ts';
import { counted, formatTable } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

/** On a terminal more rows would only scroll by; programs get all. */
const ROWS_SHOWN = 100;

export const command: CommandModule = {
  name: 'query',
  summary: 'ask the lake in SQL, reading only',
  description:
    'Runs one SELECT over the tables of the lake. Nothing else is accepted: no other statement, no files.',
  arguments: [{ name: '<sql>', help: 'one SELECT, in quotes' }],
  options: [
    { flags: '--version <number>', help: 'read this version of every table', type: 'integer' },
    {
      flags: '--limit <number>',
      help: `show so many rows; 0 shows all (default: ${ROWS_SHOWN}, with --json all)`,
      type: 'count',
    },
  ],
  examples: [
    {
      command: 'query "SELECT risk_tier, count(*) AS customers FROM gold.churn_scores GROUP BY risk_tier"',
      explains: 'how many customers each tier has',
    },
    {
      command: 'query "SELECT count(*) AS n FROM silver.calls" --version 0 --json',
      explains: 'an older version',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { queryLake } = await loadWorkflow();
      const { columns, rows } = await queryLake(context, input.arguments[0] ?? '', input.integer('version'));
      return presentRows(columns, rows, input.integer('limit'));
    }),
};

/** Rows of a query as a command gives them back; how many are left out is said. */
export function presentRows(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
  limit: number | undefined,
): CommandResult {
  const most = (given: number): number => (given > 0 ? given : rows.length);
  const shown = rows.slice(0, most(limit ?? ROWS_SHOWN));
  const left = rows.length - shown.length;
  return {
    data: { columns, total: rows.length, rows: rows.slice(0, most(limit ?? 0)) },
    text: formatTable(
      columns,
      shown.map((row) => columns.map((column) => row[column])),
    ),
    summary:
      left > 0
        ? `${groupDigits(shown.length)} of ${counted(rows.length, 'row')}; --limit 0 shows all.`
        : `${counted(rows.length, 'row')}.`,
  };
}
