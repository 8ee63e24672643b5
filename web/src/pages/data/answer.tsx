import { Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { count, day } from '../../ui/format.ts';
import { answerOf, type Finding, findings } from './fitness.ts';
import { StateMark } from './state-mark.tsx';
import classes from './data.module.css';

const WORDS: Readonly<Record<Finding['state'], string>> = {
  fine: 'Fine',
  watch: 'Look at this',
  bad: 'Not fit',
};

/** The answer first, then what it rests on. */
export function Answer({ health, today }: { readonly health: DataHealth; readonly today: number }) {
  const found = findings(health, today);
  const { state, answer } = answerOf(found);
  return (
    <Stack gap="sm">
      <p className={classes['answer']} data-state={state}>
        {answer}
      </p>
      <Text size="sm" c="dimmed">
        {health.as_of === null
          ? 'No features were built yet.'
          : `Of ${count(health.snapshot_rows)} rows of ${day(health.as_of)}; the data reach to ${day(health.observed_to)}.`}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        {found.map((finding) => (
          <Paper key={finding.title} withBorder p="sm">
            <Text size="sm" fw={600}>
              {finding.title}
            </Text>
            <Text size="sm" my={4}>
              <StateMark state={finding.state}>{WORDS[finding.state]}</StateMark>
            </Text>
            <Text size="sm">
              {finding.text}. <a href={`#${finding.anchor}`}>See below</a>
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
