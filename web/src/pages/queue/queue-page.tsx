import { Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createLazyRoute, Link, useRouter } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Customers, Facts } from '../../../../src/desk/contract.ts';
import { ApiError } from '../../api/client.ts';
import { customersQuery, factsQuery } from '../../api/queries.ts';
import { NothingScored } from '../../ui/nothing-scored.tsx';
import { OldScores } from '../../ui/old-scores.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import type { KeyBinding } from '../../ui/work/keys.ts';
import { WorkBar } from '../../ui/work/work-bar.tsx';
import { plural } from '../../ui/words.ts';
import { changed, queueQuery, type QueueSearch, readQueueSearch } from '../queue-search.ts';
import { useTakeNextOf } from '../take-next.tsx';
import { FilterBar } from './filter-bar.tsx';
import { activeFilters, type ActiveFilter } from './filters.ts';
import { Pager, QueueSummary, QueueTitle, ResetAll } from './queue-head.tsx';
import { QueueTable } from './queue-table.tsx';
import { QueueTabs } from './queue-tabs.tsx';

export const Route = createLazyRoute('/queue')({ component: QueuePage });

const LOADING_ROWS = 12;

function QueuePage() {
  const facts = useQuery(factsQuery);
  const isScored = facts.data !== undefined && facts.data.score_dates.length > 0;
  if (isScored) return <Queue facts={facts.data} />;
  return (
    <>
      <Title order={1} size="h2" mb="xs">
        Work queue
      </Title>
      {facts.isError ? (
        <ErrorState error={facts.error} onRetry={() => void facts.refetch()} />
      ) : facts.data === undefined ? (
        <Loading lines={LOADING_ROWS} />
      ) : (
        <NothingScored entity={facts.data.entity} />
      )}
    </>
  );
}

function Queue({ facts }: { readonly facts: Facts }) {
  const search = readQueueSearch(Route.useSearch());
  const navigate = Route.useNavigate();
  const router = useRouter();
  const customers = useQuery(customersQuery(queueQuery(search)));
  const page = customers.data;
  /** Rows of the filters before, while others are on their way. */
  const isOld = customers.isPlaceholderData;
  const body = useRef<HTMLTableSectionElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const [current, setCurrent] = useCurrent(search, page);
  const row = page?.rows[current];
  const filters = activeFilters(search, facts);

  const show = (next: QueueSearch) => void navigate({ search: next, replace: true });
  const focusRow = (index: number) => {
    if (page === undefined || page.rows.length === 0) return;
    const next = Math.min(Math.max(index, 0), page.rows.length - 1);
    setCurrent(next);
    body.current?.rows[next]?.focus();
  };
  const turn = (rows: number) => {
    if (page === undefined || isOld) return;
    const offset = page.offset + rows;
    if (offset >= 0 && offset < page.total)
      show(changed(search, { offset: offset === 0 ? undefined : offset }));
  };
  const open = async (index: number) => {
    const opened = page?.rows[index];
    if (page === undefined || opened === undefined) return;
    // A row of the filters before has no place among those of these.
    if (isOld) {
      await router.navigate({ to: '/customers/$id', params: { id: opened.id }, search });
      return;
    }
    const at = page.offset + index;
    // The way back leads to this row.
    await navigate({ search: { ...search, at }, replace: true });
    await router.navigate({ to: '/customers/$id', params: { id: opened.id }, search: { ...search, at } });
  };
  const next = useTakeNextOf(search, facts);
  const bindings: KeyBinding[] = [
    {
      keys: ['j', 'ArrowDown'],
      says: 'Next row',
      run: () => {
        focusRow(current + 1);
      },
    },
    {
      keys: ['k', 'ArrowUp'],
      says: 'Row before',
      run: () => {
        focusRow(current - 1);
      },
    },
    { keys: ['Enter'], says: `Open the ${facts.entity}`, run: () => void open(current) },
    {
      keys: [']'],
      says: 'Next page',
      run: () => {
        turn(page?.limit ?? 0);
      },
    },
    {
      keys: ['['],
      says: 'Page before',
      run: () => {
        turn(-(page?.limit ?? 0));
      },
    },
    { keys: ['/'], says: 'Search', run: () => searchField.current?.focus() },
    ...next.bindings,
  ];
  const claimFocus = useKeptFocus(body, current, page, search.at !== undefined);
  return (
    <>
      <QueueTitle
        search={search}
        facts={facts}
        page={page}
        isOld={isOld}
        next={next}
        onSort={(sort) => {
          show(changed(search, { sort, order: undefined }));
        }}
      />
      <OldScores facts={facts} />
      <QueueTabs search={search} />
      <FilterBar
        search={search}
        facts={facts}
        searchField={searchField}
        onChange={show}
        onSearched={() => {
          searchField.current?.blur();
          claimFocus();
        }}
      />
      <QueueSummary
        search={search}
        facts={facts}
        page={page}
        isOld={isOld}
        hasFailed={customers.isError}
        filters={filters}
      />
      {customers.isError ? (
        <Refusal error={customers.error} onRetry={() => void customers.refetch()} />
      ) : null}
      {page === undefined ? (
        customers.isError ? null : (
          <Loading lines={LOADING_ROWS} />
        )
      ) : page.rows.length === 0 ? (
        <NoRows search={search} facts={facts} page={page} filters={filters} />
      ) : (
        <QueueTable
          page={page}
          facts={facts}
          search={search}
          current={current}
          body={body}
          isOld={isOld}
          onCurrent={setCurrent}
          onOpen={(index) => void open(index)}
        />
      )}
      {page === undefined || page.total === 0 ? null : <Pager search={search} page={page} />}
      <WorkBar row={row} bindings={bindings} said={next.said} onDismiss={next.onDismiss} />
    </>
  );
}

/** Why there are no rows, and the way out of an address that nobody can answer. */
function Refusal({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <>
      <ErrorState error={error} onRetry={onRetry} />
      {error instanceof ApiError && error.field !== undefined ? (
        <Button
          mt="xs"
          size="xs"
          variant="default"
          renderRoot={(props) => <Link {...props} to="/queue" search={{}} />}
        >
          Open the whole queue
        </Button>
      ) : null}
    </>
  );
}

/** Index of the row that somebody is at: the first one of every new view, or the one that the address names. */
function useCurrent(search: QueueSearch, page: Customers | undefined): [number, (index: number) => void] {
  const view = JSON.stringify(queueQuery(search));
  const [place, setPlace] = useState(() => ({ view, index: (search.at ?? 0) - (search.offset ?? 0) }));
  const index = place.view === view ? place.index : 0;
  const last = (page?.rows.length ?? 1) - 1;
  return [
    Math.max(0, Math.min(index, last)),
    (next) => {
      setPlace({ view, index: next });
    },
  ];
}

/** The row that had the focus may go: the one that takes its place has it then. Gives what claims it for the rows. */
function useKeptFocus(
  body: { readonly current: HTMLTableSectionElement | null },
  current: number,
  page: Customers | undefined,
  /** Whoever comes back from a page of one goes on where they were. */
  wantsFocus: boolean,
): () => void {
  const hadFocus = useRef(wantsFocus);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      hadFocus.current = event.target instanceof Node && body.current?.contains(event.target) === true;
    };
    window.addEventListener('focusin', onFocus);
    return () => {
      window.removeEventListener('focusin', onFocus);
    };
  }, [body]);
  useEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) body.current?.rows[current]?.focus();
  }, [body, current, page]);
  return () => {
    hadFocus.current = true;
    body.current?.rows[current]?.focus();
  };
}

function NoRows({
  search,
  facts,
  page,
  filters,
}: {
  readonly search: QueueSearch;
  readonly facts: Facts;
  readonly page: Customers;
  readonly filters: readonly ActiveFilter[];
}) {
  if (page.total > 0)
    return (
      <EmptyState title="This page is past the end of the queue.">
        <ResetAll search={search} />
      </EmptyState>
    );
  const things = plural(facts.entity);
  const tab = search.tab ?? 'due';
  if (filters.length === 0)
    return (
      <EmptyState
        title={tab === 'all' ? `There are no ${things} in the newest scores.` : `No ${things} are ${tab}.`}
      >
        {tab === 'due' ? (
          <Text size="sm">All is done for now: look at the other parts of the queue.</Text>
        ) : null}
      </EmptyState>
    );
  return (
    <EmptyState title={`No ${things}${tab === 'all' ? '' : ` that are ${tab}`} match these filters.`}>
      <Text size="sm">{filters.map(({ label }) => label).join(', ')}</Text>
      <ResetAll search={search} />
    </EmptyState>
  );
}
