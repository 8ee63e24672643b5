/** Who is signed in, as all pages know it. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import type { Session } from '../../../src/desk/contract.ts';
import { ApiError } from './client.ts';
import { forgetOthers, sessionQuery } from './queries.ts';

const RETRIES = 2;
const UNAUTHORIZED = 401;
const FAULT = 500;
const NOTHING_SCORED = 'HF602';

export const NOBODY: Session = {
  is_open: false,
  is_signed_in: false,
  id: null,
  name: null,
  role: null,
  permissions: [],
};

/** A session that ended while somebody was at work: the sign-in says so. */
export const ENDED: Session = { ...NOBODY, id: 'ended' };

/** Another session begins, or none: nothing that the one before might see is left. */
export function enterSession(client: QueryClient, session: Session): void {
  client.setQueryData(sessionQuery.queryKey, session);
  forgetOthers(client);
}

/** What would be answered the same a second later. */
const isFinal = ({ status, code }: ApiError): boolean =>
  (status >= 400 && status <= FAULT) || code === NOTHING_SCORED;

/** A client that goes back to the sign-in when the server does not know who asks any more; the address stays. */
export function openQueryClient(): QueryClient {
  const onError = (error: Error): void => {
    const session = client.getQueryData(sessionQuery.queryKey);
    // A key that is refused at the sign-in has ended nothing.
    if (error instanceof ApiError && error.status === UNAUTHORIZED && session?.is_signed_in === true)
      enterSession(client, ENDED);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // A browser that thinks itself offline reaches a server on its own machine; and a request that waits for the
      // network says nothing, and is sent behind the back of whoever gave it up.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        // What the server refused, or failed at, ends in the same way again; what did not reach it may not.
        retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && isFinal(error)),
        refetchOnWindowFocus: false,
      },
    },
  });
  return client;
}
