import type { CommandModule } from '../command.ts';
import { counted, formatTable } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models verify',
  summary: 'check that models, history and evidence are what was stored',
  description:
    'Reads every file of the model sets and compares it with its hash, loads each model and compares its answers to stored rows with those of its training, and checks the history. Exit code 1 where something is wrong.',
  arguments: [{ name: '[sets...]', help: 'numbers of sets, champion or challenger; default: all' }],
  examples: [
    { command: 'models verify', explains: 'all of the registry' },
    { command: 'models verify champion', explains: 'only what is in use' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { setNamed, verifyModels } = await loadWorkflow();
      const state = await context.registry.state();
      const only = input.arguments.map((text) => setNamed(state, text));
      const verified = await verifyModels(context, only.length === 0 ? undefined : only);
      const faults = verified.filter(({ fault }) => fault !== null).length;
      return {
        data: { verified, faults },
        text: formatTable(
          ['what', 'verdict'],
          verified.map(({ what, fault }) => [what, fault ?? 'as stored']),
        ),
        summary: faults === 0 ? 'Nothing has changed.' : `${counted(faults, 'fault')}.`,
        ...(faults === 0 ? {} : { exitCode: 1 as const }),
      };
    }),
};
