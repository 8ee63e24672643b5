import { useQuery } from '@tanstack/react-query';
import { customersQuery } from '../../api/queries.ts';
import { queueQuery, type QueueSearch } from '../queue-search.ts';

export interface Neighbour {
  readonly id: string;
  /** Its place in the queue, from 0. */
  readonly at: number;
}

export interface Neighbours {
  readonly before: Neighbour | undefined;
  readonly after: Neighbour | undefined;
  /** How many the filters leave. */
  readonly total: number | undefined;
}

/** Others that may have come or gone since the queue was read. */
const LEEWAY = 3;

/**
 * Who stands before and after one in the queue that it was opened from. Where it is not there any more, because its
 * work is done, the one that took its place comes after it.
 */
export function useNeighbours(id: string, search: QueueSearch): Neighbours {
  const { at } = search;
  const offset = Math.max(0, (at ?? 0) - LEEWAY);
  const { data, isPlaceholderData } = useQuery({
    ...customersQuery({ ...queueQuery(search), offset, limit: 2 * LEEWAY + 1 }),
    enabled: at !== undefined,
  });
  // Rows of another place would lead elsewhere.
  const page = isPlaceholderData ? undefined : data;
  if (at === undefined || page === undefined)
    return { before: undefined, after: undefined, total: undefined };
  const found = page.rows.findIndex((row) => row.id === id);
  const neighbour = (index: number): Neighbour | undefined => {
    const row = page.rows[index];
    return row === undefined ? undefined : { id: row.id, at: offset + index };
  };
  const here = at - offset;
  return {
    before: neighbour(found === -1 ? here - 1 : found - 1),
    after: neighbour(found === -1 ? here : found + 1),
    total: page.total,
  };
}
