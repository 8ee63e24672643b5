import type { AuditDocument } from '../../audit/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'audit leakage',
  summary: 'look for features and splits that know the future, one row a feature',
  description:
    'Reads the SQL, rebuilds the features of some entities without what came after each observation date and with another future in its place, measures each feature alone, and checks the splits. Writes reports/audit-leakage.json. Exit code 1 where a finding is not acknowledged in the pack; train refuses it too.',
  options: [
    {
      flags: '--dates <number>',
      help: 'observation dates to rebuild',
      setting: (text) => [{ key: 'audit.dates', value: text }],
    },
    {
      flags: '--entities <number>',
      help: 'entities to rebuild',
      setting: (text) => [{ key: 'audit.entities', value: text }],
    },
    {
      flags: '--seed <number>',
      help: 'seed of the dates and entities',
      setting: (text) => [{ key: 'audit.seed', value: text }],
    },
  ],
  examples: [
    { command: 'audit leakage', explains: 'before a training, after a change of SQL or features' },
    { command: 'audit leakage --dates 6 --entities 1000', explains: 'a larger sample' },
  ],
  run: (session) =>
    withContext(session, async (context) => {
      const { auditStep } = await loadWorkflow();
      const { result, summary } = await auditStep(context, { reuse: false });
      const { document } = result;
      return {
        data: { ...document, file: result.file },
        text: auditText(document),
        summary: `${summary.charAt(0).toUpperCase()}${summary.slice(1)}. Report: ${result.file}.`,
        ...(document.passed ? { next: 'holdfast train' } : { exitCode: 1 as const }),
      };
    }),
};

function auditText({ features, findings, notes, not_judged: notJudged }: AuditDocument): string {
  const table = formatTable(
    ['feature', 'source', 'window', 'available', 'AUC alone', 'verdict'],
    features.map(({ feature, columns, window, available, separation, verdict, kinds }) => [
      feature,
      columns.join(', '),
      window,
      available,
      largest(Object.values(separation)),
      verdict === 'none' ? 'none' : `${verdict}: ${kinds.join(', ')}`,
    ]),
  );
  const found = findings.map(({ feature, kind, evidence, what_to_do: whatToDo, acknowledged }) =>
    [
      `${feature ?? 'rows and splits'}: ${kind}${acknowledged === null ? '' : ' (acknowledged)'}`,
      `  seen: ${evidence}`,
      acknowledged === null ? `  do:   ${whatToDo}` : `  why:  ${acknowledged}`,
    ].join('\n'),
  );
  const noted = [
    ...notJudged.map((reason) => `not judged: each feature alone, ${reason}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  return [table, ...found, ...(noted.length === 0 ? [] : [noted.join('\n')])].join('\n\n');
}

function largest(areas: readonly (number | null)[]): number | null {
  const known = areas.filter((area) => area !== null);
  return known.length === 0 ? null : Number(Math.max(...known).toFixed(3));
}
