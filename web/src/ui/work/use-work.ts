import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Customer, CustomerRow, Customers, Work, WorkRequest } from '../../../../src/desk/contract.ts';
import { postJson } from '../../api/client.ts';
import { customerPath, sessionQuery } from '../../api/queries.ts';

export interface WorkDone {
  readonly row: CustomerRow;
  readonly request: WorkRequest;
}

/** Lays what stands of the work on one into every answer at hand. */
function putWork(client: QueryClient, id: string, work: Work): void {
  const withWork = (row: CustomerRow): CustomerRow => (row.id === id ? { ...row, work } : row);
  client.setQueriesData<Customers>(
    { queryKey: ['customers'] },
    (page) => page && { ...page, rows: page.rows.map(withWork) },
  );
  client.setQueryData<Customer>(
    ['customer', id],
    (page) => page && { ...page, customer: withWork(page.customer) },
  );
}

/** All that may show work: what counts, lists or tells it. */
const SHOWING_WORK = ['customers', 'customer', 'overview'];

/** Work was done: what shows it is asked for again. */
export function invalidateWork(client: QueryClient): void {
  for (const name of SHOWING_WORK) void client.invalidateQueries({ queryKey: [name] });
}

/**
 * Records work. Taking a row shows at once, since it takes nothing away where it is refused; whatever takes a row off
 * the list waits for the server.
 */
export function useWork() {
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  return useMutation({
    mutationFn: ({ row, request }: WorkDone) => postJson<Work>(`${customerPath(row.id)}/work`, request),
    onMutate: ({ row, request }) => {
      if (request.action !== 'assign' || request.to !== undefined || session?.id == null) return;
      const assignee = { id: session.id, name: session.name ?? session.id };
      putWork(client, row.id, { ...row.work, assignee });
    },
    onSuccess: (work, { row }) => {
      putWork(client, row.id, work);
    },
    onError: (_error, { row }) => {
      putWork(client, row.id, row.work);
    },
    onSettled: () => {
      invalidateWork(client);
    },
  });
}
