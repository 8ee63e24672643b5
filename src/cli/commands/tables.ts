import type { Context } from '../../workflow/index.ts';
import type { CommandModule, CommandResult } from '../command.ts';
import { counted, formatBytes, formatTable, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'tables',
  summary: 'show what is in the lake: rows, version, when',
  description: 'Shows all tables of the lake, or the versions of one table, the newest first.',
  arguments: [{ name: '[table]', help: 'a table such as gold.churn_scores: show its versions' }],
  examples: [
    { command: 'tables', explains: 'all tables' },
    { command: 'tables gold.churn_scores', explains: 'the history of one table' },
  ],
  run: (session, input) =>
    withContext(session, (context) => {
      const [table] = input.arguments;
      return table === undefined ? allTables(context) : oneTable(context, table);
    }),
};

async function allTables(context: Context): Promise<CommandResult> {
  const { listTables } = await loadWorkflow();
  const tables = await listTables(context);
  return {
    data: { tables: snakeKeys(tables) },
    text: formatTable(
      ['table', 'version', 'rows', 'size', 'files', 'changed (UTC)', 'description'],
      tables.map(({ table, version, rows, bytes, files, changedAt, description }) => [
        table,
        version,
        rows,
        formatBytes(bytes),
        files,
        shortTime(changedAt),
        description.split('. ')[0],
      ]),
    ),
    summary: tables.length === 0 ? 'The lake is empty.' : `${counted(tables.length, 'table')}.`,
    next:
      tables.length === 0 ? 'holdfast run' : `holdfast query "SELECT * FROM ${tables.at(-1)?.table ?? ''}"`,
  };
}

async function oneTable(context: Context, table: string): Promise<CommandResult> {
  const { tableHistory } = await loadWorkflow();
  const history = (await tableHistory(context, table)).reverse();
  return {
    data: {
      table,
      versions: history.map(({ timestamp, info, ...commit }) => ({
        ...(snakeKeys(commit) as object),
        changed_at: new Date(timestamp).toISOString(),
        run_id: info.runId ?? null,
        inputs: info.inputs,
      })),
    },
    text: formatTable(
      ['version', 'changed (UTC)', 'operation', 'rows added', 'rows removed', 'run'],
      history.map(({ version, timestamp, operation, rowsAdded, rowsRemoved, info }) => [
        version,
        shortTime(new Date(timestamp).toISOString()),
        operation,
        rowsAdded,
        rowsRemoved,
        info.runId,
      ]),
    ),
    summary: `${counted(history.length, 'version')}; read one with holdfast query --version.`,
  };
}

function shortTime(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}
