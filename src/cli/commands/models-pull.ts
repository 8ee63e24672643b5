import type { CommandModule } from '../command.ts';
import { snakeKeys } from '../format.ts';
import { gateTable } from '../gate-text.ts';
import { authorOf, authorOptions, sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models pull',
  summary: 'take a model set from the MLflow server as challenger',
  description:
    'Downloads the set of this pack that an alias on the MLflow server of mlflow.uri stands for, checks hashes, shapes, feature contract and the answers to its stored rows, stores it under numbers of this workspace and registers it as challenger. Needs no data; --promote asks the gates at once and needs a training set.',
  options: [
    { flags: '--alias <name>', help: 'alias on the server', default: 'champion' },
    { flags: '--promote', help: 'make it champion where it passes the gates' },
    ...authorOptions(false),
  ],
  examples: [
    { command: 'models pull', explains: 'what is champion there is challenger here' },
    { command: 'models pull --alias challenger --promote', explains: 'and champion, if the gates let it' },
  ],
  run: (session, input) =>
    withContext(
      session,
      async (context) => {
        const { pullModels } = await loadWorkflow();
        const { summary, result } = await pullModels(context, {
          alias: input.text('alias') ?? 'champion',
          promote: input.flag('promote'),
          ...authorOf(input),
        });
        const { promotion } = result;
        return {
          data: snakeKeys(result) as Record<string, unknown>,
          ...(promotion === null || promotion.verdicts.length === 0
            ? {}
            : { text: gateTable(promotion.verdicts) }),
          summary: sentence(summary),
          next: promotion?.outcome === 'promoted' ? 'holdfast run --from score' : 'holdfast models promote',
        };
      },
      { mayBegin: true },
    ),
};
