import { Paper, Stack, Text, Title } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { Overview } from '../../../../src/desk/contract.ts';
import { CustomersLink, useOpenCustomers } from '../../ui/customers-link.tsx';
import { count } from '../../ui/format.ts';
import { capital, counted, plural } from '../../ui/words.ts';
import type { QueueSearch } from '../queue-search.ts';
import { heatStrength, rangeText } from './bins.ts';
import classes from './heatmap.module.css';
import type { OverviewProps } from './overview-page.tsx';

const TITLE = 'Soon or later';
type Band = Overview['heatmap']['bands'][number];

/** How many are in which band of probability at the shortest and at the longest horizon. */
export function Heatmap({ facts, overview }: OverviewProps) {
  const { row_days: rowDays, column_days: columnDays, bands, cells } = overview.heatmap;
  const canOpen = useOpenCustomers() !== undefined;
  if (rowDays === columnDays) return null;
  const highest = Math.max(0, ...cells.map((cell) => cell.count));
  const countOf = (row: number, column: number): number =>
    cells.find((cell) => cell.row === row && cell.column === column)?.count ?? 0;
  const searchOf = (row: Band, column: Band): QueueSearch => ({
    tab: 'all',
    horizon: rowDays,
    probability_from: row.from,
    probability_to: row.to,
    other_horizon: columnDays,
    other_from: column.from,
    other_to: column.to,
  });
  return (
    <Paper component="section" aria-label={TITLE} withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {TITLE}
        </Title>
        <Text size="sm">{summaryOf(overview.heatmap, plural(facts.entity))}</Text>
        <div className={classes['scroll']} tabIndex={0} role="group" aria-label={`${TITLE}, the table`}>
          <table className={classes['table']}>
            <caption className={classes['caption']}>
              {capital(plural(facts.entity))} by probability of leaving within {counted(rowDays, 'day')}{' '}
              (down) and within {counted(columnDays, 'day')} (across)
            </caption>
            <thead>
              <tr>
                <th scope="col">
                  ↓ {counted(rowDays, 'day')}
                  <br />→ {counted(columnDays, 'day')}
                </th>
                {bands.map((band) => (
                  <th key={band.from} scope="col">
                    {rangeText(band)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bands.map((row, rowPlace) => (
                <tr key={row.from}>
                  <th scope="row">{rangeText(row)}</th>
                  {bands.map((column, columnPlace) => {
                    const cell = countOf(rowPlace, columnPlace);
                    return (
                      <td
                        key={column.from}
                        style={{ '--strength': heatStrength(cell, highest) } as CSSProperties}
                        data-empty={cell === 0}
                      >
                        {cell === 0 ? (
                          count(0)
                        ) : (
                          <CustomersLink
                            search={searchOf(row, column)}
                            className={classes['cell']}
                            label={`${count(cell)}: ${rangeText(row)} within ${counted(rowDays, 'day')}, ${rangeText(column)} within ${counted(columnDays, 'day')}`}
                          >
                            {count(cell)}
                          </CustomersLink>
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <Text size="xs" c="dimmed">
          The more, the stronger the colour, by orders of magnitude.
          {canOpen ? ' Every number opens those it counts.' : ''}
        </Text>
      </Stack>
    </Paper>
  );
}

/** Those in the two highest bands of the longest horizon, and how many of them are so already at the shortest. */
function summaryOf(
  { row_days: rowDays, column_days: columnDays, bands, cells }: Overview['heatmap'],
  entities: string,
): string {
  const from = Math.max(0, bands.length - 2);
  const bound = bands[from];
  if (bound === undefined) return 'There are no bands.';
  const later = cells.filter(({ column }) => column >= from);
  const total = later.reduce((sum, cell) => sum + cell.count, 0);
  const soon = later.filter(({ row }) => row >= from).reduce((sum, cell) => sum + cell.count, 0);
  const least = `${String(Math.round(bound.from * 100))} %`;
  return total === 0
    ? `No ${entities} have a probability of ${least} or more within ${counted(columnDays, 'day')}.`
    : `Of ${count(total)} ${entities} with ${least} or more within ${counted(columnDays, 'day')}, ${count(soon)} have it within ${counted(rowDays, 'day')} already.`;
}
