import { openRunLog, type RunRecord } from '../../store/index.ts';
import type { CommandModule } from '../command.ts';
import { requireWorkspace } from '../step-command.ts';
import { counted, formatDuration, formatTable, snakeKeys } from '../format.ts';

export const command: CommandModule = {
  name: 'runs',
  summary: 'show what was run, when, and how it ended',
  description: 'Shows the runs of this workspace, the newest first. A run that was killed is unfinished.',
  options: [{ flags: '--limit <number>', help: 'show so many runs', type: 'count', default: '20' }],
  examples: [
    { command: 'runs', explains: 'the last 20 runs' },
    { command: 'runs --limit 1 --json', explains: 'the last run, for a program' },
  ],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const records = await openRunLog(config.state).read();
    const shown = records.reverse().slice(0, input.integer('limit') ?? 20);
    return {
      data: { total: records.length, runs: snakeKeys(shown) },
      text: formatTable(
        ['run', 'started', 'command', 'status', 'took', 'steps'],
        shown.map((record) => [
          record.runId,
          record.startedAt.slice(0, 19).replace('T', ' '),
          record.command,
          record.status,
          record.seconds === null ? null : formatDuration(record.seconds),
          stepsOf(record),
        ]),
      ),
      summary:
        records.length === 0
          ? 'Nothing was run in this workspace yet.'
          : `${shown.length} of ${counted(records.length, 'run')}.`,
      ...(records.length === 0 ? { next: 'holdfast run' } : {}),
    };
  },
};

function stepsOf({ steps, error }: RunRecord): string {
  const done = steps.map(({ step }) => step).join(', ');
  return error === undefined ? done : `${done}${done === '' ? '' : '; '}${error.code} ${error.message}`;
}
