import type { CommandModule } from '../command.ts';
import { sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models push',
  summary: 'bring a model set, aliases and stages to the MLflow server, and send what waits for it',
  description:
    'Sends the uploads that wait for the MLflow server of mlflow.uri, registers the set and its models there unless they are there by their content, and makes the aliases champion and challenger and the stages what they are here. A server that cannot be reached is an error here; what waits goes on waiting.',
  arguments: [{ name: '[set]', help: 'number of the set, or challenger; default: champion' }],
  examples: [
    { command: 'models push', explains: 'the champion, and whatever a server that was down has missed' },
    { command: 'models push 3', explains: 'another set beside it' },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { pushModels, setNamed } = await loadWorkflow();
      const set = setNamed(await context.registry.state(), input.arguments[0] ?? 'champion');
      const { summary, result } = await pushModels(context, set);
      return { data: { ...result }, summary: sentence(summary) };
    }),
};
