import type { CommandModule } from '../command.ts';
import { gateTable } from '../gate-text.ts';
import { authorOf, authorOptions, sentence } from '../models-options.ts';
import { snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models promote',
  summary: 'judge a model set by the gates and make it champion where it passes',
  description:
    'Measures the set, by default the challenger, and the champion on the same test rows, asks every gate of the pack, and prints value, limit and verdict of each. A set that passes becomes champion, or waits for models approve where the pack asks for an approval. One that does not is a normal end: the champion is kept.',
  arguments: [{ name: '[set]', help: 'number of the set; default: challenger' }],
  options: [
    ...authorOptions(false),
    { flags: '--segments', help: 'show every segment, also those that passed' },
    { flags: '--overrule', help: 'promote although gates fail; needs --why, and both stay in the history' },
  ],
  examples: [
    { command: 'models promote', explains: 'may the challenger take over?' },
    {
      command: 'models promote 3 --overrule --why "the champion leaks"',
      explains: 'against the gates, on your word',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { promoteStep, setNamed } = await loadWorkflow();
      const set = setNamed(await context.registry.state(), input.arguments[0] ?? 'challenger');
      const { summary, result } = await promoteStep(context, {
        set,
        ...authorOf(input),
        overrule: input.flag('overrule'),
      });
      return {
        data: snakeKeys(result) as Record<string, unknown>,
        ...(result.verdicts.length === 0 ? {} : { text: gateTable(result.verdicts, input.flag('segments')) }),
        summary: sentence(summary),
        ...(result.outcome === 'promoted'
          ? { next: 'holdfast run --from score' }
          : result.outcome === 'proposed'
            ? { next: 'holdfast models approve' }
            : {}),
      };
    }),
};
