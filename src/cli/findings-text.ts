/** What was found about a table, for the terminal. */
import type { TableFinding, TableProfile } from '../domain/index.ts';
import { counted } from './format.ts';

const HEADINGS = {
  problem: 'Problems',
  unsure: 'To confirm',
  note: 'Found',
} as const;

/** Lines a heading of findings shows before the rest is counted. */
const MOST_LINES = 30;

/** The findings under headings, problems first. */
export function findingsText(findings: TableProfile['findings']): string {
  return (['problem', 'unsure', 'note'] as const)
    .flatMap((level) => {
      const of = findings.filter((one) => one.level === level);
      if (of.length === 0) return [];
      const rest = of.length - MOST_LINES;
      return [
        [
          HEADINGS[level],
          ...of.slice(0, MOST_LINES).map(lineOf),
          ...(rest > 0 ? [`  and ${counted(rest, 'more line')}`] : []),
        ].join('\n'),
      ];
    })
    .join('\n\n');
}

const lineOf = ({ column, says, flag }: TableFinding): string =>
  `  ${column === null ? '' : `${column}: `}${says}${flag === null ? '' : `  [${flag}]`}`;
