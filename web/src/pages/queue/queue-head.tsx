import { Button, Group, NativeSelect, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Customers, Facts } from '../../../../src/desk/contract.ts';
import { queryText } from '../../api/client.ts';
import { customersParameters, sessionQuery } from '../../api/queries.ts';
import { usePermission } from '../../shell/shell.tsx';
import { count, day, money } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';
import { changed, queueQuery, type QueueSearch } from '../queue-search.ts';
import { type TakeNext, TakeNextButton } from '../take-next.tsx';
import { columnsOf } from './columns.ts';
import { type ActiveFilter, orderText, withoutFilters } from './filters.ts';
import classes from './queue.module.css';

export interface QueueHeadProps {
  readonly search: QueueSearch;
  readonly facts: Facts;
  readonly page: Customers | undefined;
  /** It is of the filters before, and another one is on its way. */
  readonly isOld: boolean;
  readonly filters: readonly ActiveFilter[];
}

/** How many there are, what they come to, and which filters made it so. */
export function QueueSummary({
  search,
  facts,
  page,
  isOld,
  hasFailed,
  filters,
}: QueueHeadProps & { readonly hasFailed: boolean }) {
  const scope = filters.length === 0 ? 'all tiers and teams' : counted(filters.length, 'filter');
  return (
    <div className={classes['summary']}>
      <Text role="status" component="p" m={0} aria-busy={isOld}>
        {page === undefined ? (
          hasFailed ? null : (
            'Counting …'
          )
        ) : (
          <>
            <strong>
              {counted(page.total, facts.entity)}, {money(page.value_at_risk, facts.currency)} at risk
            </strong>{' '}
            · {scope}, {orderText(search)} · as of {day(page.as_of)}
          </>
        )}
      </Text>
      {filters.length === 0 ? null : (
        <ul className={classes['chips']} aria-label="Filters in use">
          {filters.map(({ label, without }) => (
            <li key={label}>
              <Button
                size="compact-sm"
                variant="light"
                aria-label={`Remove the filter ${label}`}
                rightSection={<span aria-hidden="true">×</span>}
                renderRoot={(props) => <Link {...props} to="/queue" search={without} />}
              >
                {label}
              </Button>
            </li>
          ))}
          <li>
            <ResetAll search={search} />
          </li>
        </ul>
      )}
    </div>
  );
}

export function ResetAll({ search }: { readonly search: QueueSearch }) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      renderRoot={(props) => <Link {...props} to="/queue" search={withoutFilters(search)} />}
    >
      Reset all
    </Button>
  );
}

/** The title, and what is done with the list as a whole. */
export function QueueTitle({
  search,
  facts,
  page,
  isOld,
  next,
  onSort,
}: Omit<QueueHeadProps, 'filters'> & {
  readonly next: TakeNext;
  readonly onSort: (sort: string) => void;
}) {
  const mayExport = usePermission('customers.export');
  const session = useQuery(sessionQuery);
  const isCompact = search.density === 'compact';
  const { offset: _offset, ...query } = queueQuery(search);
  return (
    <Group justify="space-between" gap="xs" mb="xs">
      <Title order={1} size="h2">
        Work queue
      </Title>
      <Group gap="xs">
        <NativeSelect
          size="xs"
          className={classes['sortSelect']}
          aria-label="Order"
          value={search.sort ?? 'value_at_risk'}
          data={columnsOf(search, facts).flatMap(({ sort, label }) =>
            sort === undefined ? [] : [{ value: sort, label: `Sort by ${label}` }],
          )}
          onChange={(event) => {
            onSort(event.currentTarget.value);
          }}
        />
        <Button
          size="xs"
          variant="default"
          className={classes['densityButton']}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/queue"
              replace
              search={changed(search, {
                density: isCompact ? undefined : 'compact',
                offset: search.offset,
                at: search.at,
              })}
            />
          )}
        >
          {isCompact ? 'Roomy rows' : 'Compact rows'}
        </Button>
        {mayExport && page !== undefined && page.total > 0 ? (
          <Button
            size="xs"
            variant="default"
            component="a"
            download
            // A browser says nothing of a file that the session was over for.
            onClick={() => void session.refetch()}
            // The number on it is not yet that of the file.
            {...(isOld
              ? { 'aria-disabled': true, 'data-disabled': true }
              : { href: `/v1/customers.csv${queryText(customersParameters(query))}` })}
          >
            Download {counted(page.total, 'row')}
          </Button>
        ) : null}
        <TakeNextButton next={next} />
      </Group>
    </Group>
  );
}

/** Which rows these are, and the way to those before and after. */
export function Pager({ search, page }: { readonly search: QueueSearch; readonly page: Customers }) {
  const { offset, limit, total, rows } = page;
  const before = offset > 0 ? changed(search, { offset: Math.max(0, offset - limit) || undefined }) : null;
  const after = offset + limit < total ? changed(search, { offset: offset + limit }) : null;
  return (
    <nav className={classes['pager']} aria-label="Rows of the queue">
      <Text size="sm">
        {rows.length === 0
          ? 'No rows'
          : `Rows ${count(offset + 1)} to ${count(offset + rows.length)} of ${count(total)}`}
      </Text>
      <PageLink label="Previous" search={before} />
      <PageLink label="Next" search={after} />
    </nav>
  );
}

function PageLink({ label, search }: { readonly label: string; readonly search: QueueSearch | null }) {
  if (search === null)
    return (
      <Button size="xs" variant="default" disabled>
        {label}
      </Button>
    );
  return (
    <Button
      size="xs"
      variant="default"
      renderRoot={(props) => <Link {...props} to="/queue" search={search} />}
    >
      {label}
    </Button>
  );
}
