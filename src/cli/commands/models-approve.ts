import type { CommandModule } from '../command.ts';
import { authorOf, authorOptions, sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models approve',
  summary: 'approve the model set that waits for it',
  description:
    'Makes the proposed set champion, on the word of somebody else than who proposed it. Refused where test rows, gates or champion have changed since the set was measured. Names are taken as they are given: who may run the command is for the machine to decide.',
  arguments: [{ name: '[set]', help: 'number of the set that is meant' }],
  options: authorOptions(false),
  examples: [
    {
      command: 'models approve 3 --by "head of retention"',
      explains: 'approve what models promote proposed',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { approve, setNamed } = await loadWorkflow();
      const [text] = input.arguments;
      const { summary, result } = await approve(context, {
        ...authorOf(input),
        ...(text === undefined ? {} : { set: setNamed(await context.registry.state(), text) }),
      });
      return { data: { ...result }, summary: sentence(summary), next: 'holdfast run --from score' };
    }),
};
