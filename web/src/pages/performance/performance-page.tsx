import '@mantine/core/styles/Code.css';
import { Alert, Code, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Facts, Performance } from '../../../../src/desk/contract.ts';
import { factsQuery, performanceQuery } from '../../api/queries.ts';
import { number } from '../../search.ts';
import { Choice } from '../../ui/choice.tsx';
import { day } from '../../ui/format.ts';
import { EmptyState, Pending, sentence } from '../../ui/states.tsx';
import { counted } from '../../ui/words.ts';
import { Baselines, Metrics } from './baselines.tsx';
import { Calibration } from './calibration.tsx';
import { Capacity } from './capacity.tsx';
import { Deciles } from './deciles.tsx';
import { Card, Sets } from './governance.tsx';
import { Segments } from './segments.tsx';
import { TierTrend } from './tier-trend.tsx';
import { Trend } from './trend.tsx';
import { calibrationVerdict, evidenceText, type Horizon, rankingVerdict, type Verdict } from './trust.ts';

export const Route = createLazyRoute('/performance')({ component: PerformancePage });

function PerformancePage() {
  const facts = useQuery(factsQuery);
  const performance = useQuery(performanceQuery);
  return (
    <Stack gap="md">
      <Title order={1} size="h2">
        Model performance
      </Title>
      <Pending of={[facts, performance]} lines={12} />
      {facts.data === undefined || performance.data === undefined ? null : (
        <Figures facts={facts.data} performance={performance.data} />
      )}
    </Stack>
  );
}

export interface PerformanceProps {
  readonly facts: Facts;
  readonly performance: Performance;
}

export interface HorizonProps extends PerformanceProps {
  readonly horizon: Horizon;
}

function Figures({ facts, performance }: PerformanceProps) {
  const search: Record<string, unknown> = Route.useSearch();
  const { horizons, evaluation_missing: missing } = performance;
  const wanted = number(search['horizon']);
  const horizon = horizons.find(({ days }) => days === wanted) ?? horizons.at(-1);
  const parts = { facts, performance };
  return (
    <>
      {missing === null ? null : (
        <Alert variant="outline" color="yellow" role="note" title="There is no evaluation to show">
          {withCommands(sentence(missing))}
        </Alert>
      )}
      {horizon === undefined ? (
        <EmptyState title="There is no model to speak of yet." />
      ) : (
        <OfHorizon
          {...parts}
          horizon={horizon}
          capacity={number(search['capacity'])}
          isEvaluated={missing === null}
        />
      )}
      {performance.trend.length === 0 ? null : (
        <>
          <Trend {...parts} />
          <TierTrend {...parts} />
        </>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Sets {...parts} />
        <Card {...parts} />
      </SimpleGrid>
    </>
  );
}

/** Commands in a text of the server stand out, since they are to be typed. */
const withCommands = (text: string): ReactNode[] =>
  text
    .split(/(holdfast (?:models )?[a-z]+)/)
    .map((part, place) => (place % 2 === 1 ? <Code key={place}>{part}</Code> : part));

interface OfHorizonProps extends HorizonProps {
  readonly capacity: number | undefined;
  readonly isEvaluated: boolean;
}

function OfHorizon({ capacity, isEvaluated, ...parts }: OfHorizonProps) {
  const { facts, performance, horizon } = parts;
  return (
    <>
      <Trust {...parts} />
      <Group gap="md">
        <Choice
          label="Horizon"
          parameter="horizon"
          value={String(horizon.days)}
          options={performance.horizons.map(({ days }) => ({
            value: String(days),
            label: counted(days, 'day'),
          }))}
        />
        <Text size="sm" c="dimmed">
          {horizon.model}, version {horizon.version}; trained {day(performance.trained_at)}, evaluated{' '}
          {day(performance.evaluated_at)}, data up to {day(performance.observed_to)}
        </Text>
      </Group>
      {isEvaluated ? (
        <>
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            <Deciles horizon={horizon} />
            <Calibration horizon={horizon} />
          </SimpleGrid>
          <Capacity
            key={horizon.days}
            horizon={horizon}
            performance={performance}
            facts={facts}
            wanted={capacity}
          />
          <Segments horizon={horizon} />
        </>
      ) : null}
      <SimpleGrid cols={{ base: 1, lg: isEvaluated ? 2 : 1 }}>
        {isEvaluated ? <Baselines horizon={horizon} /> : null}
        <Metrics horizon={horizon} />
      </SimpleGrid>
    </>
  );
}

/** The first thing to know. */
function Trust({ facts, horizon }: HorizonProps) {
  const ranking = rankingVerdict(horizon, facts.entity);
  const calibration = calibrationVerdict(horizon);
  return (
    <Text size="lg" maw="90ch">
      <strong>
        Within {counted(horizon.days, 'day')} {stateOf(ranking, calibration)}.
      </strong>{' '}
      {ranking.text} {calibration.text} {evidenceText(horizon)}
    </Text>
  );
}

function stateOf(ranking: Verdict, calibration: Verdict): string {
  if (ranking.isGood === null) return 'nothing is known of the model';
  if (!ranking.isGood) return 'the ranking cannot be relied on';
  if (calibration.isGood === null) return 'the ranking can be relied on';
  return calibration.isGood
    ? 'the ranking and the probabilities can be relied on'
    : 'the ranking can be relied on, the probabilities cannot';
}
