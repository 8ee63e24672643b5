import { resolve } from 'node:path';
import type { ColumnProfile, TableProfile } from '../../domain/index.ts';
import { groupDigits } from '../../kernel/index.ts';
import type { CommandModule } from '../command.ts';
import { findingsText } from '../findings-text.ts';
import { type Cell, formatTable, snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { statedFormat, TABLE_OPTIONS, tableWishes, withEngine } from '../table-command.ts';

/** Columns that the terminal shows; the page has all. */
const MOST_COLUMNS = 100;

export const command: CommandModule = {
  name: 'profile',
  summary: 'show what is in a file or a table: types, missing values, distributions, what leaks',
  description:
    'Reads a file (CSV, Parquet, JSON lines, Excel) or a table of the lake and says what it found, problems first: what columns are, missing values, constants, copies, ids in disguise, columns that only exist after the fact. With --target also the rate of the target by value and what each column alone tells of it. Writes the same as a page with charts.',
  arguments: [{ name: '<table>', help: 'a file, or a table such as silver.customers' }],
  options: [
    ...TABLE_OPTIONS,
    { flags: '--html <file>', help: 'where the page is written (default: reports/ of the workspace)' },
  ],
  examples: [
    { command: 'profile customers.csv --target Churn', explains: 'a file before a pack is made of it' },
    { command: 'profile silver.customers', explains: 'a table of the lake' },
  ],
  async run(session, input) {
    const html = input.text('html');
    const { profile, page } = await withEngine(session, async ({ engine, workspace }) => {
      const { profileStep } = await loadWorkflow();
      const { progress, clock } = session;
      return profileStep(
        { engine, progress, clock },
        {
          ...tableWishes(input),
          format: statedFormat(input),
          table: input.arguments[0] ?? '',
          workspace,
          ...(html === undefined ? {} : { page: resolve(html) }),
        },
      );
    });
    return {
      data: { ...(snakeKeys(profile) as Record<string, unknown>), page },
      text: profileText(profile),
      summary: `Profiled ${profile.name}: ${groupDigits(profile.rows)} rows, ${groupDigits(profile.columns.length)} columns. The page is ${page}.`,
    };
  },
};

function profileText({ findings, columns, target }: TableProfile): string {
  const withRates = target !== null;
  const table = formatTable(
    ['column', 'read as', 'role', 'missing', 'distinct', 'values', ...(withRates ? ['AUC alone'] : [])],
    columns
      .slice(0, MOST_COLUMNS)
      .map((column) => [
        shortened(column.name, 40),
        column.kind,
        column.role.replaceAll('_', ' '),
        column.missing,
        column.distinct,
        valuesOf(column, withRates),
        ...(withRates ? [areaOf(column)] : []),
      ]),
  );
  const left = columns.length - MOST_COLUMNS;
  const more = left > 0 ? `\n${groupDigits(left)} more columns are on the page` : '';
  return [findingsText(findings), `${table}${more}`].filter((part) => part !== '').join('\n\n');
}

function areaOf({ separation }: ColumnProfile): Cell {
  const best = Math.max(separation?.byValue ?? 0, separation?.byBand ?? 0);
  return best === 0 ? null : Number(best.toFixed(3));
}

/** Numbers and dates by their range, categories by their first levels, with the rate of the target. */
function valuesOf({ numbers, dates, values, distinct, role }: ColumnProfile, withRates: boolean): string {
  if (numbers !== null)
    return [numbers.least, numbers.quantiles[2], numbers.most]
      .map((value) => String(Number((value ?? 0).toPrecision(5))))
      .join(' | ');
  if (dates !== null) return `${dates.first} to ${dates.last}`;
  if (role === 'key' || role === 'identifier' || role === 'free_text')
    return shortened(values[0]?.value ?? '', 24);
  const shown = values.slice(0, 3).map(({ value, labelled, positives }) => {
    const rate =
      withRates && labelled > 0 && role !== 'target' ? ` ${(100 * (positives / labelled)).toFixed(0)} %` : '';
    return `${shortened(value, 18)}${rate}`;
  });
  return shown.join(', ') + (distinct > shown.length ? ', ...' : '');
}

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
