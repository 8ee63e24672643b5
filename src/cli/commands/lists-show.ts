import { HoldfastError, nearestWord } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';
import { presentRows } from './query.ts';

export const command: CommandModule = {
  name: 'lists show',
  summary: 'show an action list, the most urgent first',
  description: 'Shows the rows of an action list as it was last written.',
  arguments: [{ name: '<list>', help: 'name of a list of the pack, such as loyalty' }],
  options: [
    { flags: '--limit <number>', help: 'show so many rows; 0 shows all', type: 'count', default: '20' },
  ],
  examples: [{ command: 'lists show loyalty --limit 5', explains: 'the five most urgent calls' }],
  run: (session, input) =>
    withContext(session, async (context) => {
      const name = input.arguments[0] ?? '';
      const { lists } = context.pack.file;
      const list = lists[name];
      if (list === undefined) {
        const nearest = nearestWord(name, Object.keys(lists));
        throw new HoldfastError('HF101', {
          message: `the pack has no list ${name}`,
          hint:
            nearest === undefined ? `it has ${Object.keys(lists).join(', ')}` : `did you mean ${nearest}?`,
        });
      }
      const { queryLake } = await loadWorkflow();
      const { columns, rows } = await queryLake(context, `SELECT * FROM ${list.table} ORDER BY list_rank`);
      return presentRows(columns, rows, input.integer('limit'));
    }),
};
