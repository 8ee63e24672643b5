import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Overview } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { CustomersLink } from '../../ui/customers-link.tsx';
import { count, money } from '../../ui/format.ts';
import { TierMark } from '../../ui/tier-mark.tsx';
import type { QueueSearch } from '../queue-search.ts';
import type { OverviewProps } from './overview-page.tsx';

type Team = Overview['teams'][number];

/** What is counted of a team, with the filter that leaves exactly those. */
const COLUMNS: readonly { key: WorkCount; label: string; search: QueueSearch }[] = [
  { key: 'due', label: 'Due', search: { tab: 'due' } },
  { key: 'overdue', label: 'Overdue', search: { tab: 'due', overdue: true } },
  { key: 'assigned', label: 'Assigned', search: { tab: 'due', assignee: 'anybody' } },
  { key: 'snoozed', label: 'Snoozed', search: { tab: 'snoozed' } },
  { key: 'suppressed', label: 'Suppressed', search: { tab: 'suppressed' } },
  { key: 'done', label: 'Done', search: { tab: 'done' } },
];
type WorkCount = 'due' | 'overdue' | 'assigned' | 'snoozed' | 'suppressed' | 'done';

const TITLE = 'Queue by team';

/** Who has how much to do, and what is at stake in it. */
export function Teams({ facts, overview }: OverviewProps) {
  const { teams } = overview;
  const cells = (
    team: Pick<Team, WorkCount | 'value_at_risk'>,
    name: string,
    own: QueueSearch,
  ): ReactNode[] => [
    ...COLUMNS.map(({ key, label, search }) =>
      team[key] === 0 ? (
        count(0)
      ) : (
        <CustomersLink
          key={key}
          search={{ ...search, ...own }}
          label={`${count(team[key])}, ${name}, ${label}`}
        >
          {count(team[key])}
        </CustomersLink>
      ),
    ),
    team.due === 0 ? (
      money(team.value_at_risk, facts.currency)
    ) : (
      <CustomersLink
        key="value"
        search={{ tab: 'due', sort: 'value_at_risk', ...own }}
        label={`${money(team.value_at_risk, facts.currency)} at risk, ${name}`}
      >
        {money(team.value_at_risk, facts.currency)}
      </CustomersLink>
    ),
  ];
  return (
    <Paper component="section" aria-label={TITLE} withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {TITLE}
        </Title>
        <Text size="sm">{summaryOf(teams)}</Text>
        <FigureTable
          caption="Work by team; value at risk is of those who are due"
          headings={['Team', ...COLUMNS.map(({ label }) => label), 'Value at risk']}
          rows={[
            ...teams.map((team) => [
              <span key="team">
                <TierMark tier={team.tier} /> {team.owner}
              </span>,
              ...cells(team, `${team.owner}, ${team.tier}`, { owner: [team.owner], tier: [team.tier] }),
            ]),
            ...(teams.length > 1
              ? [[<strong key="all">All teams</strong>, ...cells(totalOf(teams), 'all teams', {})]]
              : []),
          ]}
        />
      </Stack>
    </Paper>
  );
}

function totalOf(teams: readonly Team[]): Pick<Team, WorkCount | 'value_at_risk'> {
  const sum = (key: WorkCount | 'value_at_risk'): number =>
    teams.reduce((total, team) => total + team[key], 0);
  return {
    due: sum('due'),
    overdue: sum('overdue'),
    assigned: sum('assigned'),
    snoozed: sum('snoozed'),
    suppressed: sum('suppressed'),
    done: sum('done'),
    value_at_risk: sum('value_at_risk'),
  };
}

function summaryOf(teams: readonly Team[]): string {
  const { due, overdue, assigned } = totalOf(teams);
  if (teams.length === 0) return 'No team has anything to do.';
  if (due === 0) return 'Nobody is due: all is done, snoozed or suppressed.';
  return `${count(due)} are due, ${overdue === due ? 'all' : count(overdue)} of them past their deadline; ${count(due - assigned)} are not assigned to anybody yet.`;
}
