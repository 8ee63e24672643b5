/** Filters of the queue in its address; other pages link to them. */
import type { CustomersQuery } from '../../../src/desk/contract.ts';
import { many, number, one, wholeNumber } from '../search.ts';

/** `CustomersQuery` with segments flat, as `segment.<name>`, which is how they stand in the address. */
export type QueueSearch = Partial<Omit<CustomersQuery, 'segments' | 'limit'>> &
  Record<`segment.${string}`, string[]> &
  QueueView;

/** What the address says of how the rows are seen; the server is not told. */
interface QueueView {
  readonly density?: 'compact';
  /** Place of the row that somebody is at, from 0, in all that the filters leave. */
  readonly at?: number;
  /** What is unfolded. */
  readonly show?: string;
}
const OF_VIEW = ['density', 'at', 'show'];

/** Of an address, or of what the router has of it, which holds all else that stands there too. */
export function readQueueSearch(raw: Readonly<Record<string, unknown>>): QueueSearch {
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
    offset: wholeNumber(raw['offset']),
    density: one(raw['density']) === 'compact' ? 'compact' : undefined,
    at: wholeNumber(raw['at']),
    show: one(raw['show']),
  };
  for (const [name, value] of Object.entries(raw))
    if (name.startsWith('segment.')) search[name] = many(value);
  return onlySet(search);
}

function onlySet(search: Readonly<Record<string, unknown>>): QueueSearch {
  const isSet = (value: unknown): boolean =>
    value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(search).filter(([, value]) => isSet(value))) as QueueSearch;
}

/** Other filters or another order, from the first row; `undefined` takes one away. */
export const changed = (search: QueueSearch, patch: Readonly<Record<string, unknown>>): QueueSearch =>
  onlySet({ ...search, offset: undefined, at: undefined, ...patch });

/** What the server is asked, of the address. */
export function queueQuery(search: QueueSearch): CustomersQuery {
  const segments: Record<string, string[]> = {};
  const query: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(search)) {
    if (name.startsWith('segment.')) segments[name.slice('segment.'.length)] = value as string[];
    else if (!OF_VIEW.includes(name)) query[name] = value;
  }
  return { ...query, ...(Object.keys(segments).length === 0 ? {} : { segments }) };
}

/** As many as the server gives where it is not told. */
const ROWS_OF_A_PAGE = 50;

/** The queue that one was opened from: the page that it stands on, and its row. */
export function queueOf(search: QueueSearch): QueueSearch {
  const { at } = search;
  if (at === undefined) return changed(search, { show: undefined });
  const offset = Math.floor(at / ROWS_OF_A_PAGE) * ROWS_OF_A_PAGE;
  return changed(search, { show: undefined, at, offset: offset === 0 ? undefined : offset });
}
