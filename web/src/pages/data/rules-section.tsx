import { Text } from '@mantine/core';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { count, instant, percentInDetail } from '../../ui/format.ts';
import type { Finding } from './fitness.ts';
import { Fold, type FoldOf, Section } from './section.tsx';
import { StateMark } from './state-mark.tsx';

type Rule = DataHealth['expectations'][number];

const STATES: Readonly<Record<Rule['status'], Finding['state']>> = {
  FAIL: 'bad',
  WARN: 'watch',
  PASS: 'fine',
};
const WORDS: Readonly<Record<Rule['status'], string>> = { FAIL: 'Failed', WARN: 'Warned', PASS: 'Passed' };
const ACTIONS: Readonly<Record<string, string>> = {
  fail: 'stops the run',
  drop: 'sets rows apart',
  warn: 'keeps rows',
};

export interface RulesSectionProps {
  readonly health: DataHealth;
  readonly fold: FoldOf;
}

/** Rules about the data: those that found something first, those that passed folded away. */
export function RulesSection({ health: { expectations }, fold }: RulesSectionProps) {
  const found = expectations.filter(({ status }) => status !== 'PASS');
  const passed = expectations.filter(({ status }) => status === 'PASS');
  return (
    <Section id="rules" title="Rules about the data">
      {found.length === 0 ? (
        <Text size="sm">
          {expectations.length === 0 ? 'No rule was checked yet.' : 'No rule found anything.'}
        </Text>
      ) : (
        <RulesTable caption="Rules that found something" rules={found} />
      )}
      {passed.length === 0 ? null : (
        <Fold name="passed" summary={`${count(passed.length)} rules passed`} fold={fold}>
          <RulesTable caption="Rules that passed" rules={passed} />
        </Fold>
      )}
    </Section>
  );
}

function RulesTable({ caption, rules }: { readonly caption: string; readonly rules: readonly Rule[] }) {
  return (
    <FigureTable
      caption={caption}
      headings={['Rule', 'Result', 'Rows', 'Share', 'What it does', 'Checked']}
      rows={rules.map((rule) => [
        <div key="rule">
          <Text size="sm" fw={600} component="span">
            {rule.expectation.replaceAll('_', ' ')}
          </Text>
          <Text size="xs" c="dimmed">
            {rule.table}
            {rule.description === '' ? '' : ` · ${rule.description}`}
          </Text>
        </div>,
        <StateMark key="state" state={STATES[rule.status]}>
          {WORDS[rule.status]}
        </StateMark>,
        `${count(rule.failed_rows)} of ${count(rule.total_rows)}`,
        rule.total_rows === 0 ? percentInDetail(null) : percentInDetail(rule.failed_rows / rule.total_rows),
        ACTIONS[rule.action] ?? rule.action,
        instant(rule.checked_at),
      ])}
    />
  );
}
