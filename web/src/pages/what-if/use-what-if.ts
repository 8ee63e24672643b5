/** What a what-if asks the server. */
import { useState } from 'react';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { WhatIf } from '../../../../src/desk/contract.ts';
import { postJson } from '../../api/client.ts';
import { customerQuery, performanceQuery } from '../../api/queries.ts';
import { usePermission } from '../../shell/shell.tsx';
import type { Inputs } from './inputs.ts';
import type { StartAddress } from './what-if-address.ts';

/** Answers are the same until another model scores; those that nobody looks at any more need not be kept. */
const KEPT_MS = 60_000;

/** What the model would say of inputs; nothing is asked where they are null. */
export const useWhatIf = (inputs: Inputs | null): UseQueryResult<WhatIf> =>
  useQuery({
    queryKey: ['what-if', inputs],
    queryFn: ({ signal }) => postJson<WhatIf>('/v1/what-if', { features: inputs }, signal),
    enabled: inputs !== null,
    placeholderData: (previous) => previous,
    staleTime: KEPT_MS,
    gcTime: KEPT_MS,
  });

/**
 * The same of inputs that change: the first change is asked at once, and those that come while an answer is on its way
 * are asked together when it is there. So no answer comes after a newer one, and the one before stands meanwhile. A
 * question that failed, and is put again, waits for nothing: what changed since then takes its place.
 */
export function useChangingWhatIf(inputs: Inputs | null): UseQueryResult<WhatIf> {
  const [asked, setAsked] = useState(inputs);
  const answer = useWhatIf(asked);
  const isOnItsWay = answer.isFetching && answer.failureCount === 0;
  if (asked !== inputs && !isOnItsWay) setAsked(inputs);
  return answer;
}

/** How many leave within each horizon, as far as whoever looks may know it; empty where they may not. */
export function useBaseRates(start: StartAddress): ReadonlyMap<number, number> {
  const seesCustomer = usePermission('customers.read') && start.kind === 'id';
  const seesPerformance = usePermission('performance.read') && !seesCustomer;
  const customer = useQuery({
    ...customerQuery(start.kind === 'id' ? start.id : ''),
    enabled: seesCustomer,
  });
  const performance = useQuery({ ...performanceQuery, enabled: seesPerformance });
  const rates = seesCustomer
    ? customer.data?.base_rates
    : performance.data?.horizons.flatMap(({ days, base_rate: rate }) =>
        rate === null ? [] : [{ days, rate }],
      );
  return new Map(rates?.map(({ days, rate }) => [days, rate]));
}
