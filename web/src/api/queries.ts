/** What pages ask the server for, with how long an answer is good. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type {
  Customer,
  Customers,
  CustomersQuery,
  DataHealth,
  Facts,
  Overview,
  People,
  Performance,
  Session,
  WhatIfStart,
} from '../../../src/desk/contract.ts';
import { getJson, type Query } from './client.ts';

/** Scores change once a day at most; work changes all the time. */
const SCORES_STALE_MS = 60_000;
const WORK_STALE_MS = 5_000;

const SESSION_KEY = ['session'] as const;

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ client, signal }) => {
    const before = client.getQueryData<Session>(SESSION_KEY);
    const session = await getJson<Session>('/v1/session', {}, signal);
    if (before !== undefined && before.id !== session.id) forgetOthers(client);
    return session;
  },
  staleTime: SCORES_STALE_MS,
  // All windows of a browser share a session: another one may have ended it, or begun one of somebody else.
  refetchOnWindowFocus: 'always',
});

/** Nothing that whoever was signed in before might see is left. */
export const forgetOthers = (client: QueryClient): void => {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
};

export const factsQuery = queryOptions({
  queryKey: ['facts'],
  queryFn: ({ signal }) => getJson<Facts>('/v1/facts', {}, signal),
  staleTime: SCORES_STALE_MS,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => getJson<Overview>('/v1/overview', {}, signal),
  staleTime: WORK_STALE_MS,
});

/** The filters as the server reads them. */
export function customersParameters({ segments = {}, ...query }: CustomersQuery): Query {
  return {
    ...query,
    ...Object.fromEntries(Object.entries(segments).map(([name, values]) => [`segment.${name}`, values])),
  };
}

export const customersQuery = (query: CustomersQuery) =>
  queryOptions({
    queryKey: ['customers', query],
    queryFn: ({ signal }) => getJson<Customers>('/v1/customers', customersParameters(query), signal),
    staleTime: WORK_STALE_MS,
    placeholderData: (previous) => previous,
    // Others worked while somebody was elsewhere.
    refetchOnWindowFocus: true,
  });

/** Keys are made now and then; only those who give work may ask. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => getJson<People>('/v1/people', {}, signal),
  staleTime: SCORES_STALE_MS,
});

export const customerPath = (id: string): string => `/v1/customers/${encodeURIComponent(id)}`;

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customer', id],
    queryFn: ({ signal }) => getJson<Customer>(customerPath(id), {}, signal),
    staleTime: WORK_STALE_MS,
  });

export const performanceQuery = queryOptions({
  queryKey: ['performance'],
  queryFn: ({ signal }) => getJson<Performance>('/v1/performance', {}, signal),
  staleTime: SCORES_STALE_MS,
});

export const dataQuery = queryOptions({
  queryKey: ['data'],
  queryFn: ({ signal }) => getJson<DataHealth>('/v1/data', {}, signal),
  staleTime: SCORES_STALE_MS,
});

export const whatIfStartQuery = (from: Query) =>
  queryOptions({
    queryKey: ['what-if-start', from],
    queryFn: ({ signal }) => getJson<WhatIfStart>('/v1/what-if/start', from, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
