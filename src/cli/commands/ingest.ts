import { runStepCommand } from '../step-command.ts';
import type { CommandModule } from '../command.ts';

export const command: CommandModule = {
  name: 'ingest',
  summary: 'take new files from landing/ into the bronze tables',
  description:
    'Takes the files that lie in landing/ and were not taken before. A bad file stops the step before anything is written.',
  examples: [{ command: 'ingest --workspace ./workspace', explains: 'take what was delivered' }],
  run: async (session) => ({
    ...(await runStepCommand(session, { from: 'ingest', to: 'ingest', command: 'ingest' })),
    next: 'holdfast build',
  }),
};
