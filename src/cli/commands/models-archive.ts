import type { CommandModule } from '../command.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';
import { authorOptions, needWhy, sentence } from '../models-options.ts';

export const command: CommandModule = {
  name: 'models archive',
  summary: 'take a model set out of the running',
  description:
    'Marks a set as archived: it is no challenger any more, and models gc may delete its files later. The champion cannot be archived.',
  arguments: [{ name: '<set>', help: 'number of the set, or challenger' }],
  options: authorOptions(true),
  examples: [
    {
      command: 'models archive challenger --why "trained on a bad delivery"',
      explains: 'no challenger any more',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { archive, setNamed } = await loadWorkflow();
      const set = setNamed(await context.registry.state(), input.arguments[0] ?? '');
      const { summary, result } = await archive(context, set, needWhy(input));
      return { data: { ...result }, summary: sentence(summary), next: 'holdfast models list' };
    }),
};
