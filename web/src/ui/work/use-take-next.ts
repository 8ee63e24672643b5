import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CustomerRow, CustomersQuery } from '../../../../src/desk/contract.ts';
import { postJson } from '../../api/client.ts';
import { invalidateWork } from './use-work.ts';

/** The filters and the order alone: what is taken is due and nobody's, whatever part of the queue is looked at. */
function filtersOf(query: CustomersQuery): CustomersQuery {
  const { tab: _tab, assignee: _assignee, offset: _offset, limit: _limit, ...filters } = query;
  return filters;
}

/** Takes the most urgent one that the filters leave, is due and nobody's; null where there is none. */
export function useTakeNext() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (query: CustomersQuery) => postJson<CustomerRow | null>('/v1/work/next', filtersOf(query)),
    onSettled: () => {
      invalidateWork(client);
    },
  });
}
