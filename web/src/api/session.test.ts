import { afterEach, expect, test, vi } from 'vitest';
import { sessionQuery } from './queries.ts';
import { NOBODY, openQueryClient } from './session.ts';

const robin = { ...NOBODY, is_signed_in: true, id: 'robin', name: 'Robin' };

/** What the server says of who is signed in. */
const answers = (session: object): void => {
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(session)));
};

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a request is sent, or fails with a word, also where the browser thinks itself offline', () => {
  const { queries, mutations } = openQueryClient().getDefaultOptions();
  expect(queries?.networkMode).toBe('always');
  expect(mutations?.networkMode).toBe('always');
});

test('nothing that one person saw is left when another window has signed in somebody else', async () => {
  const client = openQueryClient();
  client.setQueryData(sessionQuery.queryKey, robin);
  client.setQueryData(['customers'], 'rows');
  answers({ ...robin, id: 'kim' });
  await client.query({ ...sessionQuery, staleTime: 0 });
  expect(client.getQueryData(['customers'])).toBeUndefined();
  expect(client.getQueryData(sessionQuery.queryKey)?.id).toBe('kim');
});

test('what somebody looks at stays when the session is asked for again', async () => {
  const client = openQueryClient();
  client.setQueryData(sessionQuery.queryKey, robin);
  client.setQueryData(['customers'], 'rows');
  answers(robin);
  await client.query({ ...sessionQuery, staleTime: 0 });
  expect(client.getQueryData(['customers'])).toBe('rows');
});
