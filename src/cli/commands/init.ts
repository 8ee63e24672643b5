import { resolve } from 'node:path';
import { groupDigits, HoldfastError, shellWord } from '../../kernel/index.ts';
import type { InitOptions, InitResult } from '../../workflow/index.ts';
import type { CommandModule, Input, Session } from '../command.ts';
import { findingsText } from '../findings-text.ts';
import { snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { statedFormat, TABLE_OPTIONS, tableWishes, withEngine } from '../table-command.ts';

export const command: CommandModule = {
  name: 'init',
  summary: 'make a pack from a table of customers',
  description:
    'Looks at the table, decides what each column is, writes a pack that a person can read and change, with a comment on each decision, and copies the file into landing/ of the workspace, where run takes it. Says what it found, problems first; what is unsure names the flag that changes it. It never asks.',
  arguments: [{ name: '<folder>', help: 'folder of the pack to be' }],
  options: [
    { flags: '--from <file>', help: 'the table: CSV, Parquet, JSON lines or Excel', isRequired: true },
    ...TABLE_OPTIONS,
    {
      flags: '--keep <column>',
      help: 'take a column in although it was left out; may be given several times',
      isList: true,
    },
    { flags: '--drop <column>', help: 'leave a column out; may be given several times', isList: true },
    { flags: '--revenue <column>', help: 'what a customer pays a month' },
    { flags: '--currency <code>', help: 'currency of money, such as EUR' },
    {
      flags: '--horizon <days>',
      help: 'days ahead that the target stands for (default: 30)',
      type: 'integer',
    },
    { flags: '--force', help: 'write over a pack that is there' },
  ],
  examples: [
    { command: 'init my-pack --from customers.csv --target Churn', explains: 'a pack from a file' },
    {
      command: 'init my-pack --from customers.csv --target Status --positive Churned --negative Stayed',
      explains: 'a target of three values',
    },
  ],
  async run(session, input) {
    const folder = resolve(input.arguments[0] ?? '');
    const result = await withEngine(session, async ({ engine, workspace }) => {
      const { initStep } = await loadWorkflow();
      return initStep({ engine, progress: session.progress }, { ...optionsOf(input), folder, workspace });
    });
    const { profile, features, leftOut, landed } = result;
    const shown = shellWord(input.arguments[0] ?? '');
    const { positive, negative } = profile.target?.rows ?? { positive: 0, negative: 0 };
    return {
      data: snakeKeys(documentOf(result)) as Record<string, unknown>,
      text: findingsText(profile.findings),
      summary: `Wrote the pack ${shown}: ${groupDigits(features.length)} features of ${groupDigits(profile.columns.length)} columns, ${groupDigits(leftOut.length)} left out; ${groupDigits(positive)} of ${groupDigits(positive + negative)} customers left. Its data is ${landed}.`,
      next: `holdfast run --pack ${await packWord(session, input.arguments[0] ?? '', folder)}`,
    };
  },
};

/** The folder as typed, unless a pack that comes with Holdfast has that name. */
async function packWord(session: Session, typed: string, folder: string): Promise<string> {
  const { config } = await session.resolve([{ key: 'pack', value: typed, flag: '--pack' }]);
  return shellWord(config.pack === folder ? typed : `./${typed}`);
}

function documentOf({
  profile,
  folder,
  files,
  landed,
  features,
  leftOut,
}: InitResult): Record<string, unknown> {
  const { target, key, rows, findings } = profile;
  return { folder, files, landed, rows, target, key, features, leftOut, findings };
}

function optionsOf(input: Input): Omit<InitOptions, 'folder' | 'workspace'> {
  const horizonDays = input.integer('horizon');
  if (horizonDays !== undefined && horizonDays < 1)
    throw new HoldfastError('HF101', {
      message: '--horizon takes a number of days from 1',
      hint: 'write --horizon 30',
    });
  const currency = input.text('currency');
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    throw new HoldfastError('HF101', {
      message: `--currency takes a code of three capital letters, not ${JSON.stringify(currency)}`,
      hint: 'write --currency EUR',
    });
  const revenue = input.text('revenue');
  return {
    ...tableWishes(input),
    format: statedFormat(input),
    file: resolve(input.text('from') ?? ''),
    keep: input.list('keep'),
    drop: input.list('drop'),
    force: input.flag('force'),
    ...(horizonDays === undefined ? {} : { horizonDays }),
    ...(currency === undefined ? {} : { currency }),
    ...(revenue === undefined ? {} : { revenue }),
  };
}
