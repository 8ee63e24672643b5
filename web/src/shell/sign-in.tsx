import '@mantine/core/styles/PasswordInput.css';
import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { Session } from '../../../src/desk/contract.ts';
import { postJson } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorState } from '../ui/states.tsx';

/** Asks for a key; the server answers with a session of its role. */
export function SignIn() {
  const [key, setKey] = useState('');
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => postJson<Session>('/v1/session', { key: key.trim() }),
    onSuccess: (session) => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Paper component="main" maw={420} mx="auto" mt="15vh" p="lg" withBorder>
      <form onSubmit={submit}>
        <Stack>
          <Title order={1} size="h3">
            Sign in to Holdfast
          </Title>
          <Text size="sm">
            Your key was made with <code>holdfast keys create</code>; ask whoever runs this server for one.
          </Text>
          <PasswordInput
            label="Key"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
            autoComplete="current-password"
            required
          />
          {signIn.isError ? <ErrorState error={signIn.error} /> : null}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
