import { HoldfastError } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable, snakeKeys } from '../format.ts';
import { sentence } from '../models-options.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models export',
  summary: 'write a model set into a folder from which other machines score',
  description:
    'Writes the set with all that scoring needs (model texts, encoding, calibrators, statistics, settings, sample rows), each model text beside it as churn_model_30d.txt and so on, and manifest.json with the size and SHA-256 of every file. What was written is read back, and each model must answer its sample rows as it did in training, before the manifest is replaced: readers have the old set or the new one, and the old one stays until the next export. The folder may be mounted; nothing but renames of single files is needed.',
  arguments: [{ name: '[set]', help: 'number of the set, champion or challenger; default: champion' }],
  options: [
    {
      flags: '--to <folder>',
      help: 'a new or empty folder, or that of an earlier export',
      isRequired: true,
    },
  ],
  examples: [
    { command: 'models export --to ../served-models', explains: 'hand the champion to the servers' },
    {
      command: 'models export challenger --to ./challenger --json',
      explains: 'the challenger, for a test elsewhere',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { exportModels, setNamed } = await loadWorkflow();
      const folder = input.text('to') ?? '';
      if (folder.trim() === '')
        throw new HoldfastError('HF101', {
          message: 'the folder to export to has no name',
          hint: 'name a folder: --to ../served-models',
          place: { field: '--to' },
        });
      const set = setNamed(await context.registry.state(), input.arguments[0] ?? 'champion');
      const { summary, result } = await exportModels(context, set, folder);
      return {
        data: snakeKeys(result) as Record<string, unknown>,
        text: formatTable(
          ['file', 'bytes', 'SHA-256'],
          result.models.map(({ file, bytes, sha256 }) => [file, bytes, sha256]),
        ),
        summary: sentence(summary),
      };
    }),
};
