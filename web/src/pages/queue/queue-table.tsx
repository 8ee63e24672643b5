import { Link } from '@tanstack/react-router';
import type { RefObject } from 'react';
import type { Customers, Facts } from '../../../../src/desk/contract.ts';
import { plural } from '../../ui/words.ts';
import { changed, type QueueSearch } from '../queue-search.ts';
import { type Column, columnsOf } from './columns.ts';
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
  return (
    <table
      role="grid"
      className={classes['table']}
      data-density={search.density}
      aria-label={`Queue of ${plural(facts.entity)}`}
      aria-rowcount={page.total + 1}
      aria-busy={isOld}
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
            search={search}
            place={page.offset + index}
            isCurrent={index === current}
            onSelect={() => {
              onCurrent(index);
            }}
            onOpen={() => {
              onOpen(index);
            }}
          />
        ))}
      </tbody>
    </table>
  );
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
