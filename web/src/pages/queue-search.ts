/** Filters of the queue in its address; other pages link to them. */
import type { CustomersQuery } from '../../../src/desk/contract.ts';
import { many, number, one, type RawSearch } from '../search.ts';

/** `CustomersQuery` with segments flat, as `segment.<name>`, which is how they stand in the address. */
export type QueueSearch = Partial<Omit<CustomersQuery, 'segments' | 'limit'>> &
  Record<`segment.${string}`, string[]>;

export function readQueueSearch(raw: RawSearch): QueueSearch {
  const search: Record<string, unknown> = {
    tab: one(raw['tab']),
    tier: many(raw['tier']),
    owner: many(raw['owner']),
    assignee: one(raw['assignee']),
    search: one(raw['search']),
    horizon: number(raw['horizon']),
    probability_from: number(raw['probability_from']),
    probability_to: number(raw['probability_to']),
    other_horizon: number(raw['other_horizon']),
    other_from: number(raw['other_from']),
    other_to: number(raw['other_to']),
    outcome: one(raw['outcome']),
    overdue: one(raw['overdue']) === 'true' ? true : undefined,
    sort: one(raw['sort']),
    order: one(raw['order']),
    offset: number(raw['offset']),
  };
  for (const [name, value] of Object.entries(raw))
    if (name.startsWith('segment.')) search[name] = many(value);
  const isSet = (value: unknown): boolean =>
    value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(search).filter(([, value]) => isSet(value))) as QueueSearch;
}

/** What the server is asked, of the address. */
export function queueQuery(search: QueueSearch): CustomersQuery {
  const segments: Record<string, string[]> = {};
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(search)) {
    if (name.startsWith('segment.')) segments[name.slice('segment.'.length)] = value as string[];
    else query[name] = value;
  }
  return { ...query, ...(Object.keys(segments).length === 0 ? {} : { segments }) };
}
