/** The page that goes with a new pack: what was decided, and what to look at. */
import type { FindingLevel } from '../domain/index.ts';
import { groupDigits, shellWord } from '../kernel/index.ts';
import type { DraftColumn, PackDraft } from './draft.ts';

const TITLES: Readonly<Record<FindingLevel, string>> = {
  problem: 'Problems',
  unsure: 'To confirm',
  note: 'Also found',
};

export function readme(draft: PackDraft, folder: string): string {
  const { profile, target, wishes, columns } = draft;
  const { positive, negative, unknown } = target.rows;
  const used = columns.filter(({ use }) => use === 'feature');
  const left = columns.filter(({ use }) => use === 'left_out');
  const findings = (['problem', 'unsure', 'note'] as const).flatMap((level) => {
    const of = profile.findings.filter((one) => one.level === level);
    if (of.length === 0) return [];
    return [
      `### ${TITLES[level]}\n`,
      ...of.map(
        ({ column, says, flag }) =>
          `- ${column === null ? '' : `\`${column}\`: `}${says}${flag === null ? '' : ` (\`${flag}\` changes it)`}`,
      ),
      '',
    ];
  });
  return `# ${wishes.name}

A pack of Holdfast, made from \`${profile.name}\` with ${groupDigits(profile.rows)} rows and ${groupDigits(profile.columns.length)} columns. Every file is yours to read and to change.

    holdfast run --pack ${shellWord(folder)}

takes the file from \`landing/\` of the workspace, cleans it, makes the features, trains, evaluates, scores, writes the action lists and the report. Next month, put the new file into \`landing/\` (${wishes.files.map((file) => `\`${file}\``).join(' or ')}; the last by name counts) and run it again.

## What was decided

- **Target**: \`${target.column}\`, ${target.positive.map((value) => `\`${value}\``).join(', ')} for having left (${groupDigits(positive)} rows), ${target.negative.map((value) => `\`${value}\``).join(', ')} for having stayed (${groupDigits(negative)}), ${groupDigits(unknown)} without a label. Found ${target.why}.
- **Key**: ${profile.key.column === null ? profile.key.why : `\`${profile.key.column}\`, ${profile.key.why}`}.
- **Features**: ${groupDigits(used.length)} columns${left.length === 0 ? '' : `; ${groupDigits(left.length)} are left out`}.
- **Value**: ${draft.value.assumption}
- **Split**: by customer, 60 % to train, 20 % to stop and calibrate, 20 % to test, stratified; equal rows stay on one side.
- **Who is scored**: all whose target does not say that they left.
${left.length === 0 ? '' : `\n| left out | why |\n| --- | --- |\n${left.map((column) => `| \`${column.profile.name}\` | ${reasonText(column)} |`).join('\n')}\n`}
To take a column back in, make the pack again with \`--keep NAME --force\`, or add it to \`features.yaml\`, \`sql/silver/customers.sql\` and \`sql/gold/customer_features.sql\`.

## What was found

${findings.join('\n')}
## The files

| file | what it says |
| --- | --- |
| \`pack.yaml\` | source, target, split, learner, value, tiers, lists |
| \`features.yaml\` | one entry a feature: type, unit, range, words |
| \`expectations.yaml\` | rules about the data |
| \`playbook.yaml\` | what is done for each tier |
| \`sql/silver/customers.sql\` | typing and cleaning |
| \`sql/gold/customer_features.sql\` | the features |
`;
}

const reasonText = ({ why }: DraftColumn): string => (why ?? '').replaceAll('|', '\\|');
