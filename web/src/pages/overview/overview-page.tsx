import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import type { Facts, Overview } from '../../../../src/desk/contract.ts';
import { factsQuery, overviewQuery } from '../../api/queries.ts';
import { one } from '../../search.ts';
import { count, day, money, percent } from '../../ui/format.ts';
import { NothingScored } from '../../ui/nothing-scored.tsx';
import { OldScores } from '../../ui/old-scores.tsx';
import { Pending } from '../../ui/states.tsx';
import { counted } from '../../ui/words.ts';
import { Contacts } from './contacts.tsx';
import { Heatmap } from './heatmap.tsx';
import { Histograms } from './histograms.tsx';
import { KeyFigures } from './key-figures.tsx';
import { Teams } from './teams.tsx';
import { Tiers } from './tiers.tsx';

export const Route = createLazyRoute('/')({ component: OverviewPage });

function OverviewPage() {
  const facts = useQuery(factsQuery);
  const isScored = (facts.data?.score_dates.length ?? 0) > 0;
  const overview = useQuery({ ...overviewQuery, enabled: isScored });
  return (
    <Stack gap="md">
      <Title order={1} size="h2">
        Overview
      </Title>
      <Pending of={isScored ? [facts, overview] : [facts]} lines={12} />
      {facts.data !== undefined && !isScored ? (
        <NothingScored entity={facts.data.entity} />
      ) : facts.data === undefined || overview.data === undefined ? null : (
        <Figures facts={facts.data} overview={overview.data} />
      )}
    </Stack>
  );
}

export interface OverviewProps {
  readonly facts: Facts;
  readonly overview: Overview;
}

function Figures({ facts, overview }: OverviewProps) {
  const search: Record<string, unknown> = Route.useSearch();
  return (
    <>
      <OldScores facts={facts} />
      <Headline facts={facts} overview={overview} />
      <KeyFigures facts={facts} overview={overview} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Tiers facts={facts} overview={overview} view={one(search['tiers']) === 'donut' ? 'donut' : 'bars'} />
        <Contacts facts={facts} overview={overview} />
      </SimpleGrid>
      <Teams facts={facts} overview={overview} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Histograms facts={facts} overview={overview} />
        <Heatmap facts={facts} overview={overview} />
      </SimpleGrid>
    </>
  );
}

/** The page in two sentences. */
function Headline({ facts, overview }: OverviewProps) {
  const { entity, currency } = facts;
  const due = overview.teams.reduce((sum, team) => sum + team.due, 0);
  const overdue = overview.teams.reduce((sum, team) => sum + team.overdue, 0);
  const contacted = overview.contacts.reduce((sum, outcome) => sum + outcome.count, 0);
  const reached = overview.contacts.reduce((sum, outcome) => sum + outcome.value, 0);
  const total = overview.value_at_risk.now;
  return (
    <Text size="lg" maw="70ch">
      <strong>{money(total, currency)}</strong> is at risk among {counted(overview.scored.now, entity)} as of{' '}
      {day(overview.as_of)}.{' '}
      {contacted === 0
        ? 'Nobody was contacted since; '
        : `${counted(contacted, entity)} ${contacted === 1 ? 'was' : 'were'} contacted since, with ${percent(total > 0 ? reached / total : 0)} of that value; `}
      {count(due)} still to contact{overdueWords(due, overdue)}.
    </Text>
  );
}

const overdueWords = (due: number, overdue: number): string =>
  overdue === 0 ? '' : overdue === due ? ', all of them overdue' : `, ${count(overdue)} of them overdue`;
