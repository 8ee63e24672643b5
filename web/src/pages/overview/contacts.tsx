import { Paper, Stack, Text, Title } from '@mantine/core';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { CustomersLink } from '../../ui/customers-link.tsx';
import { count, day, money, percent } from '../../ui/format.ts';
import { EmptyState } from '../../ui/states.tsx';
import { capital, counted, plural } from '../../ui/words.ts';
import { outcomeLabel } from '../../ui/work/words.ts';
import type { OverviewProps } from './overview-page.tsx';
import classes from './overview.module.css';

const TITLE = 'Are we saving it?';

/** What contacts since the score date came to, and how much of the value at risk they reached. */
export function Contacts({ facts, overview }: OverviewProps) {
  const contacted = overview.contacts.reduce((sum, outcome) => sum + outcome.count, 0);
  return (
    <Paper component="section" aria-label={TITLE} withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {TITLE}
        </Title>
        {contacted === 0 ? (
          <EmptyState title={`No ${facts.entity} was contacted since ${day(overview.as_of)}.`}>
            <Text size="sm">
              Outcomes that are recorded in the work queue are counted here, with the value at risk of those
              they concern.
            </Text>
            <CustomersLink search={{ tab: 'due' }}>Open who is to be contacted</CustomersLink>
          </EmptyState>
        ) : (
          <Outcomes facts={facts} overview={overview} contacted={contacted} />
        )}
      </Stack>
    </Paper>
  );
}

function Outcomes({ facts, overview, contacted }: OverviewProps & { readonly contacted: number }) {
  const { currency, entity } = facts;
  const total = overview.value_at_risk.now;
  const reached = overview.contacts.reduce((sum, { value }) => sum + value, 0);
  const kept = overview.contacts.find(({ outcome }) => outcome === 'accepted_offer');
  const part = (value: number): number => (total > 0 ? value / total : 0);
  return (
    <>
      <Text size="sm">
        Since {day(overview.as_of)}, {counted(contacted, entity)} {contacted === 1 ? 'was' : 'were'}{' '}
        contacted: {percent(part(reached))} of the value at risk ({money(reached, currency)} of{' '}
        {money(total, currency)}). {count(kept?.count ?? 0)} accepted an offer, with{' '}
        {money(kept?.value ?? 0, currency)} at risk.
      </Text>
      <div className={classes['track']} aria-hidden="true">
        <div className={classes['reached']} style={{ width: `${part(reached) * 100}%` }} />
        <div className={classes['kept']} style={{ width: `${part(kept?.value ?? 0) * 100}%` }} />
      </div>
      <Text size="xs" c="dimmed">
        The whole bar is the value at risk of all; light: contacted, dark: accepted the offer.
      </Text>
      <FigureTable
        caption={`Outcomes of contacts since ${day(overview.as_of)}`}
        headings={['Outcome', capital(plural(entity)), 'Value at risk']}
        rows={overview.contacts.map(({ outcome, count: contacts, value }) => [
          outcomeLabel(outcome),
          contacts === 0 ? (
            count(0)
          ) : (
            <CustomersLink
              key="count"
              search={{ tab: 'all', outcome }}
              label={`${count(contacts)}, ${outcomeLabel(outcome)}`}
            >
              {count(contacts)}
            </CustomersLink>
          ),
          contacts === 0 ? (
            money(0, currency)
          ) : (
            <CustomersLink
              key="value"
              search={{ tab: 'all', outcome }}
              label={`${money(value, currency)} at risk, ${outcomeLabel(outcome)}`}
            >
              {money(value, currency)}
            </CustomersLink>
          ),
        ])}
      />
    </>
  );
}
