import { Code, List, Paper, Stack, Text, Title } from '@mantine/core';
import '@mantine/core/styles/Code.css';
import '@mantine/core/styles/List.css';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { count, day } from '../../ui/format.ts';
import type { PerformanceProps } from './performance-page.tsx';
import classes from './performance.module.css';

/** Which set answers, which one wants to, and what the gates said. */
export function Sets({ performance: { champion, challenger, gates, gates_set } }: PerformanceProps) {
  const asked = `when they were asked last${gates_set === null ? '' : `, of model set ${String(gates_set)}`}`;
  const failed = gates.filter(({ has_passed }) => !has_passed).length;
  return (
    <Paper component="section" aria-label="Champion and challenger" withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Champion and challenger
        </Title>
        <Text size="sm">
          {champion === null
            ? 'No model set is in use.'
            : `Model set ${String(champion.set)} is in use, since ${day(champion.promoted_at)}${champion.by === null ? '' : ` by ${champion.by}`}.`}{' '}
          {challenger === null
            ? 'There is no challenger.'
            : `Model set ${String(challenger.set)} is the challenger.`}
        </Text>
        {gates.length === 0 ? (
          <EmptyState title="No gates were asked yet.">
            <Text size="sm">
              They are when a set is to come into use: <Code>holdfast models promote</Code>.
            </Text>
          </EmptyState>
        ) : (
          <>
            <Text size="sm">
              {failed === 0
                ? `All ${count(gates.length)} gates were passed ${asked}.`
                : `${count(failed)} of ${count(gates.length)} gates failed ${asked}.`}
            </Text>
            <details open={failed > 0}>
              <summary>Show the gates</summary>
              <FigureTable
                caption="Gates, those that failed first"
                headings={['Gate', 'Verdict', 'Wanted', 'Found']}
                rows={gates
                  .toSorted((a, b) => Number(a.has_passed) - Number(b.has_passed))
                  .map(({ name, has_passed, wanted, found }) => [
                    name,
                    <span key="verdict" className={classes['whole']}>
                      {has_passed ? '✓ passed' : '✗ failed'}
                    </span>,
                    wanted,
                    found,
                  ])}
              />
            </details>
          </>
        )}
      </Stack>
    </Paper>
  );
}

/** What the model is for, and what it must not be used for. */
export function Card({ performance: { card } }: PerformanceProps) {
  return (
    <Paper component="section" aria-label="Model card" withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Model card
        </Title>
        <Text size="sm">{card.intended_use ?? 'The pack does not say what the model is meant for.'}</Text>
        {card.limits.length === 0 ? null : (
          <>
            <Title order={3} size="h5">
              Limits
            </Title>
            <List size="sm">
              {card.limits.map((limit) => (
                <List.Item key={limit}>{limit}</List.Item>
              ))}
            </List>
          </>
        )}
      </Stack>
    </Paper>
  );
}
