import { Paper, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Change, Overview } from '../../../../src/desk/contract.ts';
import type { QueueSearch } from '../queue-search.ts';
import { CustomersLink } from '../../ui/customers-link.tsx';
import { count, day, money, percent, percentInDetail, signed } from '../../ui/format.ts';
import { TierMark } from '../../ui/tier-mark.tsx';
import { capital, plural } from '../../ui/words.ts';
import type { OverviewProps } from './overview-page.tsx';
import classes from './overview.module.css';

/** How many, how much, and how many a tier; each with what it was before. */
export function KeyFigures({ facts, overview }: OverviewProps) {
  const asMoney = (value: number): string => money(value, facts.currency);
  return (
    <SimpleGrid component="section" cols={{ base: 2, sm: 3, lg: 2 + overview.tiers.length }} spacing="sm">
      <KeyFigure
        overview={overview}
        name={`${capital(plural(facts.entity))} scored`}
        change={overview.scored}
        search={{ tab: 'all' }}
      />
      <KeyFigure
        overview={overview}
        name="Value at risk"
        change={overview.value_at_risk}
        text={asMoney}
        search={{ tab: 'all', sort: 'value_at_risk' }}
      />
      {overview.tiers.map((tier) => (
        <KeyFigure
          key={tier.name}
          overview={overview}
          name={<TierMark tier={tier.name} />}
          change={tier.count}
          search={{ tab: 'all', tier: [tier.name] }}
          note={`${percent(tier.share)} · ${asMoney(tier.value_at_risk)} at risk`}
        />
      ))}
    </SimpleGrid>
  );
}

interface KeyFigureProps {
  readonly overview: Overview;
  readonly name: ReactNode;
  readonly change: Change;
  readonly search: QueueSearch;
  readonly note?: string;
  readonly text?: (value: number) => string;
}

function KeyFigure({ overview, name, change, search, note, text = count }: KeyFigureProps) {
  return (
    <Paper withBorder p="sm">
      <Text size="sm" component="div">
        {name}
      </Text>
      <div className={classes['figure']}>
        <CustomersLink search={search}>{text(change.now)}</CustomersLink>
      </div>
      {note === undefined ? null : <Text size="xs">{note}</Text>}
      <Text size="xs" c="dimmed">
        as of {day(overview.as_of)}
      </Text>
      <Text size="xs" c="dimmed">
        {before(overview, change, text)}
      </Text>
    </Paper>
  );
}

/** `+120 (+2 %) since 1 May 2024`. */
function before(
  { previous }: Overview,
  { now, before: earlier }: Change,
  text: (value: number) => string,
): string {
  if (previous === null || earlier === null) return 'first scoring: nothing to compare with yet';
  const difference = now - earlier;
  const part = earlier === 0 || difference === 0 ? '' : ` (${signed(difference / earlier, percentInDetail)})`;
  return `${signed(difference, text)}${part} since ${day(previous)}`;
}
