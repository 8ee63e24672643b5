import { HoldfastError } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { counted } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'predictions push',
  summary: 'send the prediction log to PostgreSQL again, to fill gaps',
  description:
    'Sends the lines of the prediction log on disk to the database of postgres.url. Records that are there already are left as they are, so it can be repeated, also while servers run.',
  options: [
    { flags: '--since <date>', help: 'first day whose lines are sent, as YYYY-MM-DD; all by default' },
  ],
  examples: [
    { command: 'predictions push', explains: 'after the database was away for long' },
    { command: 'predictions push --since 2024-09-01', explains: 'from that day on' },
  ],
  async run(session, input) {
    const { config, secrets } = await session.resolve([], { hasShortVariables: true });
    await requireWorkspace(config.workspace);
    const since = input.text('since');
    if (since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(since))
      throw new HoldfastError('HF101', {
        message: `--since takes a date, not ${since}`,
        hint: 'write it as YYYY-MM-DD',
      });
    const { pushPredictions } = await loadWorkflow();
    const result = await pushPredictions({ config, secrets, since, signal: session.signal });
    const refused = result.refused === 0 ? '' : ` ${String(result.refused)} were refused for what they hold.`;
    return {
      data: { ...result },
      summary: `Sent ${counted(result.records, 'record')}, of which ${String(result.added)} were missing.${refused}`,
    };
  },
};
