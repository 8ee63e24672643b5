/** What the commands have in common that look at one table without a pack. */
import { join } from 'node:path';
import type { Engine } from '../engine/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import type { ProfileWishes } from '../profile/index.ts';
import type { CommandOption, Input, Session } from './command.ts';
import { loadEngine } from './rooms.ts';

/** Options that say what is known of a table. */
export const TABLE_OPTIONS: readonly CommandOption[] = [
  { flags: '--target <column>', help: 'the column that says who left' },
  {
    flags: '--positive <value>',
    help: 'a value of the target that stands for having left; may be given several times (default: found by its words)',
    isList: true,
  },
  {
    flags: '--negative <value>',
    help: 'a value that stands for having stayed; may be given several times (default: found by its words)',
    isList: true,
  },
  { flags: '--id <column>', help: 'the column that tells customers apart, or none (default: found)' },
  {
    flags: '--date <column>',
    help: 'a column of dates that were not recognised; may be given several times',
    isList: true,
  },
  { flags: '--month-first', help: 'dates such as 3/4/2024 begin with the month' },
  {
    flags: '--null <text>',
    help: 'a text that stands for a missing value; may be given several times',
    isList: true,
  },
  { flags: '--sheet <name>', help: 'the sheet of a workbook (default: the first with a table)' },
  {
    flags: '--member <file>',
    help: 'the file inside a zip file (default: the only one, or the only CSV file)',
  },
];

/** What the options say of how the file is written. */
export function statedFormat(input: Input): SourceFormat {
  const sheet = input.text('sheet');
  const member = input.text('member');
  return { ...(sheet === undefined ? {} : { sheet }), ...(member === undefined ? {} : { member }) };
}

export function tableWishes(input: Input): ProfileWishes {
  const target = input.text('target');
  const key = input.text('id');
  return {
    positive: input.list('positive'),
    negative: input.list('negative'),
    dates: input.list('date'),
    missing: input.list('null'),
    hints: input.flag('monthFirst') ? { dayFirst: false } : {},
    ...(target === undefined ? {} : { target }),
    ...(key === undefined ? {} : { key }),
  };
}

/**
 * Opens an engine with the settings of the workspace. The pack of the settings is not read: there may be none
 * yet.
 */
export async function withEngine<T>(
  session: Session,
  work: (parts: { readonly engine: Engine; readonly workspace: string }) => Promise<T>,
): Promise<T> {
  const { config } = await session.resolve([{ key: 'pack', value: 'broadband', flag: '--pack' }]);
  const { openDuckDb } = await loadEngine();
  await using engine = await openDuckDb({
    memoryLimit: config.engine.memory_limit,
    threads: config.engine.threads,
    temporaryFolder: join(config.workspace, 'temporary'),
  });
  return await work({ engine, workspace: config.workspace });
}
