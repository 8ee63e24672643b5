/** Columns of the queue: what stands above each, and what it sorts by. */
import type { Facts } from '../../../../src/desk/contract.ts';
import type { QueueSearch } from '../queue-search.ts';

export interface Column {
  readonly name: string;
  readonly label: string;
  /** Word of the server's order. */
  readonly sort?: string;
  readonly isNumber?: boolean;
}

/** The horizon whose probability is listed: that of the filter, else the longest, which the value at risk rests on. */
export const listedHorizon = (search: QueueSearch, { horizons }: Facts): number =>
  search.horizon ?? horizons.at(-1) ?? 0;

export function columnsOf(search: QueueSearch, facts: Facts): Column[] {
  const days = listedHorizon(search, facts);
  return [
    { name: 'rank', label: 'Rank', isNumber: true },
    { name: 'id', label: 'Id', sort: 'id' },
    { name: 'tier', label: 'Tier', sort: 'tier' },
    {
      name: 'probability',
      label: `${String(days)}-day risk`,
      sort: `probability_${String(days)}d`,
      isNumber: true,
    },
    { name: 'risk', label: 'At risk', sort: 'value_at_risk', isNumber: true },
    { name: 'value', label: 'Value', sort: 'remaining_value', isNumber: true },
    { name: 'reason', label: 'Main reason' },
    { name: 'action', label: 'Action' },
    { name: 'team', label: 'Team' },
    // Where they are not due, what keeps them from it.
    (search.tab ?? 'due') === 'due'
      ? { name: 'deadline', label: 'Deadline', sort: 'contact_by' }
      : { name: 'status', label: 'Status', sort: 'contact_by' },
    { name: 'assignee', label: 'Assignee' },
  ];
}
