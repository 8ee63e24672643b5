import { join } from 'node:path';
import type { CommandModule } from '../command.ts';
import { counted, formatBytes, formatTable, snakeKeys } from '../format.ts';
import { DEFAULT_RANGE, generateInto, GENERATOR_OPTIONS, PUBLISHED_RANGE } from '../generator.ts';

export const command: CommandModule = {
  name: 'generate',
  summary: 'write made-up raw tables of a pack that has a generator',
  description: 'Writes the raw tables of a pack with made-up entities. The same seed gives the same files.',
  arguments: [{ name: '[pack]', help: 'name or folder of the pack (default: that of the settings)' }],
  options: [
    ...GENERATOR_OPTIONS,
    { flags: '--out <folder>', help: 'folder for the files (default: landing/ in the workspace)' },
    { flags: '--from <month>', help: 'first snapshot', type: 'month', default: DEFAULT_RANGE.from },
    { flags: '--to <month>', help: `last snapshot (default: ${DEFAULT_RANGE.to})`, type: 'month' },
    { flags: '--published-range', help: `stop at ${PUBLISHED_RANGE.to}, as the published data do` },
  ],
  examples: [
    {
      command: 'generate broadband --customers 5000 --seed 1 --out ./raw',
      explains: 'four raw tables of 5,000 customers',
    },
  ],
  async run(session, input) {
    const [pack] = input.arguments;
    const { config } = await session.resolve(
      pack === undefined ? [] : [{ key: 'pack', value: pack, flag: 'pack' }],
    );
    const outDir = input.text('out') ?? join(config.workspace, 'landing');
    const range = input.flag('publishedRange') ? PUBLISHED_RANGE : DEFAULT_RANGE;
    const { files, rows } = await generateInto(outDir, {
      config,
      input,
      range: { from: input.text('from') ?? range.from, to: input.text('to') ?? range.to },
      progress: session.progress,
    });
    return {
      data: { folder: outDir, files: snakeKeys(files) },
      text: formatTable(
        ['file', 'rows', 'size'],
        files.map((file) => [file.path, file.rows, formatBytes(file.bytes)]),
      ),
      summary: `Wrote ${counted(rows, 'row')} to ${outDir}.`,
      next: 'holdfast run',
    };
  },
};
