import { Link, useRouter } from '@tanstack/react-router';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Customers, Facts } from '../../../../src/desk/contract.ts';
import { plural } from '../../ui/words.ts';
import { stringifySearch } from '../../search.ts';
import { changed, type QueueSearch } from '../queue-search.ts';
import { type Column, columnsOf, listedHorizon } from './columns.ts';
import { usualOrder } from './filters.ts';
import { QueueRow } from './queue-row.tsx';
import classes from './queue.module.css';

export interface QueueTableProps {
  readonly page: Customers;
  readonly facts: Facts;
  readonly search: QueueSearch;
  readonly current: number;
  readonly body: RefObject<HTMLTableSectionElement | null>;
  /** The rows are of the filters before, and others are on their way. */
  readonly isOld: boolean;
  readonly onCurrent: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

/** A page of the queue. One row takes the focus; keys lead from row to row. */
export function QueueTable({
  page,
  facts,
  search,
  current,
  body,
  isOld,
  onCurrent,
  onOpen,
}: QueueTableProps) {
  const isLate = useLate(isOld);
  const ofRows = useSearchOfRows(search, isOld);
  const days = listedHorizon(ofRows, facts);
  const hrefs = useAddresses(page, ofRows);
  const select = useLatest(onCurrent);
  const open = useLatest(onOpen);
  return (
    <table
      role="grid"
      className={classes['table']}
      data-density={search.density}
      aria-label={`Queue of ${plural(facts.entity)}`}
      aria-rowcount={page.total + 1}
      aria-busy={isOld}
      data-late={isLate || undefined}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {columnsOf(search, facts).map((column) => (
            <Head key={column.name} column={column} search={search} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        {page.rows.map((row, index) => (
          <QueueRow
            // By place: when one is done the next takes its row, and the focus with it.
            key={index}
            row={row}
            facts={facts}
            days={days}
            href={hrefs[index] ?? ''}
            place={page.offset + index}
            index={index}
            isCurrent={index === current}
            onSelect={select}
            onOpen={open}
          />
        ))}
      </tbody>
    </table>
  );
}

const SEEN_MS = 200;

/** Whether rows are on their way for so long that it should be seen: to grey the old ones is to draw them once more. */
function useLate(isOld: boolean): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isOld) return undefined;
    const timer = setTimeout(() => {
      setIsLate(true);
    }, SEEN_MS);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [isOld]);
  return isOld && isLate;
}

/** The filters that the rows are of, until those of the address have theirs: nothing of the rows is drawn in between. */
function useSearchOfRows(search: QueueSearch, isOld: boolean): QueueSearch {
  const [ofRows, setOfRows] = useState(search);
  if (isOld || ofRows === search) return ofRows;
  setOfRows(search);
  return search;
}

/** Where the ids lead, without a link of the router each: those listen to every change of the address. */
function useAddresses({ rows, offset }: Customers, search: QueueSearch): readonly string[] {
  const { basepath } = useRouter();
  return useMemo(
    () =>
      rows.map(
        ({ id }, index) =>
          `${basepath}/customers/${encodeURIComponent(id)}${stringifySearch({ ...search, at: offset + index })}`,
      ),
    [rows, offset, search, basepath],
  );
}

/** The same function all the time, which does what the newest one does. */
function useLatest(run: (index: number) => void): (index: number) => void {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  return useCallback((index) => {
    latest.current(index);
  }, []);
}

function Head({ column, search }: { readonly column: Column; readonly search: QueueSearch }) {
  const { name, label, sort } = column;
  const isSorted = sort !== undefined && sort === (search.sort ?? 'value_at_risk');
  const order = isSorted ? (search.order ?? usualOrder(sort)) : undefined;
  return (
    <th
      role="columnheader"
      scope="col"
      data-cell={name}
      className={classes['head']}
      {...(order === undefined ? {} : { 'aria-sort': order })}
    >
      {sort === undefined ? (
        label
      ) : (
        <Link to="/queue" search={sortedBy(search, sort, order)} className={classes['sort']} replace>
          {label}
          <span aria-hidden="true">{order === undefined ? '' : order === 'ascending' ? ' ▲' : ' ▼'}</span>
        </Link>
      )}
    </th>
  );
}

/** The usual order first, then the other way round. */
function sortedBy(search: QueueSearch, sort: string, order: string | undefined): QueueSearch {
  const next = order === undefined ? usualOrder(sort) : order === 'ascending' ? 'descending' : 'ascending';
  return changed(search, {
    sort: sort === 'value_at_risk' ? undefined : sort,
    order: next === usualOrder(sort) ? undefined : next,
  });
}
