import type { CommandModule } from '../command.ts';
import { counted, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'features get',
  summary: 'write the features of given entities as they were known on given dates',
  description:
    'Reads a CSV or Parquet file with the entity key and observation_date and writes a CSV file with the features as known on that date. The snapshot is the newest one on or before it.',
  options: [
    { flags: '--entities <file>', help: 'file with the entity key and observation_date', isRequired: true },
    { flags: '--out <file>', help: 'CSV file to write', default: 'features.csv' },
  ],
  examples: [
    {
      command: 'features get --entities entities.csv --out features.csv',
      explains: 'a training set for another tool, without a look into the future',
    },
  ],
  run: (session, input) =>
    withContext(session, async (context) => {
      const out = input.text('out') ?? 'features.csv';
      const { retrieveFeatures } = await loadWorkflow();
      const result = await retrieveFeatures(context, input.text('entities') ?? '', out);
      if (result.withoutSnapshot > 0) {
        session.progress.warn(`no snapshot on or before the date: ${counted(result.withoutSnapshot, 'row')}`);
      }
      return {
        data: snakeKeys(result) as Readonly<Record<string, unknown>>,
        text: result.file,
        summary: `Wrote the features of ${counted(result.rows, 'row')} to ${result.file}.`,
      };
    }),
};
