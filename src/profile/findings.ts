/** What somebody should know of a table, problems first. Pure. */
import type { ColumnProfile, TableFinding, TableProfile } from '../domain/index.ts';
import { groupDigits, shellWord } from '../kernel/index.ts';

/** Lines of a file without the shape of its header. */
export interface MalformedLines {
  readonly rows: number;
  /** Line of the file, from 1. */
  readonly firstLine: number;
  readonly reason: string;
}

export interface Doubts {
  /** Null where there are none. */
  readonly malformed: MalformedLines | null;
  readonly target: readonly { readonly says: string; readonly flag: string }[];
  /** By column. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

type Measured = Omit<TableProfile, 'findings'>;

const LEVELS = ['problem', 'unsure', 'note'] as const;

export function findingsOf(profile: Measured, doubts: Doubts): TableFinding[] {
  const findings = [
    ...malformedFindings(profile, doubts.malformed),
    ...targetFindings(profile),
    ...doubts.target.map(({ says, flag }) => finding('unsure', profile.target?.column ?? null, says, flag)),
    ...keyFindings(profile),
    ...duplicateFindings(profile),
    ...profile.columns.flatMap((column) => [
      ...columnFindings(column),
      ...(doubts.columns.get(column.name) ?? []).map((says) => doubtFinding(column, says)),
    ]),
  ];
  return LEVELS.flatMap((level) => findings.filter((one) => one.level === level));
}

const finding = (
  level: TableFinding['level'],
  column: string | null,
  says: string,
  flag: string | null = null,
): TableFinding => ({ level, column, says, flag });

function doubtFinding({ name, kind, role }: ColumnProfile, says: string): TableFinding {
  const flag =
    kind === 'date' && says.endsWith('is assumed')
      ? '--month-first'
      : role === 'feature' && kind !== 'date'
        ? `--drop ${shellWord(name)}`
        : null;
  return finding('unsure', name, says, flag);
}

const percent = (share: number): string =>
  `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : share < 0.1 ? 1 : 0)} %`;

/** As `max_bad_share` of a source is by default. */
const MOST_MALFORMED = 0.01;

function malformedFindings({ rows }: Measured, malformed: MalformedLines | null): TableFinding[] {
  if (malformed === null) return [];
  const share = malformed.rows / (rows + malformed.rows);
  const first = `the first in line ${String(malformed.firstLine)}: ${malformed.reason.replaceAll(/\s+/g, ' ')}`;
  const refused =
    share > MOST_MALFORMED
      ? `; run refuses a file with more than ${percent(MOST_MALFORMED)} of them: mend the file, or raise max_bad_share of the source in pack.yaml`
      : '';
  return [
    finding(
      'problem',
      null,
      `${groupDigits(malformed.rows)} lines (${percent(share)}) do not have the shape of the header and are left out, ${first}${refused}`,
    ),
  ];
}

function targetFindings({ target, rows }: Measured): TableFinding[] {
  if (target === null) return [];
  const { positive, negative, unknown } = target.rows;
  const rate = positive / Math.max(1, positive + negative);
  const findings: TableFinding[] = [
    finding(
      'note',
      target.column,
      `${target.positive.join(', ')} counts as having left (${groupDigits(positive)} rows, ${percent(rate)}), ${target.negative.join(', ')} as having stayed; ${target.why}`,
    ),
  ];
  if (rate > 0.5)
    findings.push(
      finding(
        'unsure',
        target.column,
        `most rows (${percent(rate)}) count as having left: is it the other way round?`,
        `--positive ${shellWord(target.negative[0] ?? '')}`,
      ),
    );
  if (unknown > 0)
    findings.push(
      finding(
        unknown > rows * 0.2 ? 'problem' : 'note',
        target.column,
        `${groupDigits(unknown)} rows (${percent(unknown / rows)}) have no label${target.leftOut.length === 0 ? '' : `, those with ${target.leftOut.join(', ')} among them`}: they are scored, but neither trained on nor tested`,
        target.leftOut.length === 0 ? null : `--negative ${shellWord(target.leftOut[0] ?? '')}`,
      ),
    );
  if (Math.min(positive, negative) < 100)
    findings.push(
      finding(
        'problem',
        target.column,
        `only ${groupDigits(Math.min(positive, negative))} rows of the rarer class: metrics will be wide and the model weak`,
      ),
    );
  return findings;
}

function keyFindings({ key }: Measured): TableFinding[] {
  if (key.column === null) return [finding('unsure', null, key.why, '--id COLUMN')];
  const findings = [finding('note', key.column, `it tells customers apart, ${key.why}`)];
  if (key.repeated > 0)
    findings.push(
      finding(
        'problem',
        key.column,
        `${groupDigits(key.repeated)} rows repeat a key: one row of each customer is kept`,
        '--id none',
      ),
    );
  if (key.tellsTarget)
    findings.push(
      finding(
        'problem',
        key.column,
        'the order of the keys alone tells who left: was the table put together of those who left and those who stayed?',
      ),
    );
  return findings;
}

function duplicateFindings({ duplicates, rows, key }: Measured): TableFinding[] {
  const { exact, butForTheKey } = duplicates;
  const findings: TableFinding[] = [];
  if (exact > 0)
    findings.push(
      finding(
        'problem',
        null,
        `${groupDigits(exact)} rows (${percent(exact / rows)}) are exact copies of others${key.column === null ? '; copies stay on one side of the split' : ''}`,
      ),
    );
  if (key.column !== null && butForTheKey - exact > 0)
    findings.push(
      finding(
        butForTheKey - exact > rows * 0.01 ? 'unsure' : 'note',
        null,
        `${groupDigits(butForTheKey - exact)} rows equal others in all but ${key.column}; they stay on one side of the split`,
      ),
    );
  return findings;
}

function columnFindings(column: ColumnProfile): TableFinding[] {
  const { name, role, why, rows, missing, unreadable, reading, kind } = column;
  const findings: TableFinding[] = [];
  const keep = `--keep ${shellWord(name)}`;
  if (role === 'after_the_fact')
    findings.push(finding('problem', name, `left out, since ${String(why)}`, keep));
  else if (role === 'constant') findings.push(finding('problem', name, `left out, since ${String(why)}`));
  else if (role !== 'feature' && role !== 'key' && role !== 'target')
    findings.push(
      finding(
        role === 'many_levels' || role === 'identifier' ? 'unsure' : 'note',
        name,
        `left out, since ${String(why)}`,
        keep,
      ),
    );
  if (role !== 'feature' && role !== 'copy') return findings;
  if (missing > rows * 0.5)
    findings.push(finding('problem', name, `${percent(missing / rows)} of the rows have no value`));
  else if (missing > 0)
    findings.push(
      finding(
        'note',
        name,
        `${groupDigits(missing)} rows have no value${reading.missingWords.length === 0 ? '' : `; ${reading.missingWords.map((word) => JSON.stringify(word)).join(', ')} counts as missing`}`,
      ),
    );
  if (unreadable > 0)
    findings.push(
      finding(
        'problem',
        name,
        `${groupDigits(unreadable)} values are no ${kind === 'date' ? 'dates' : 'numbers'} and are read as missing`,
      ),
    );
  if (reading.says !== null) findings.push(finding('note', name, reading.says));
  return findings;
}
