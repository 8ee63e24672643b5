import '@mantine/core/styles/PasswordInput.css';
import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import type { Session } from '../../../src/desk/contract.ts';
import { postJson } from '../api/client.ts';
import { enterSession } from '../api/session.ts';
import { ErrorState } from '../ui/states.tsx';

/** Asks for a key; the server answers with a session of its role. The address stays, so that work goes on where it was. */
export function SignIn({ hasEnded }: { readonly hasEnded: boolean }) {
  const [key, setKey] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: () => postJson<Session>('/v1/session', { key: key.trim() }),
    onSuccess: (session) => {
      enterSession(client, session);
    },
    // The button that had it was out of use meanwhile.
    onError: () => {
      field.current?.focus();
    },
  });
  useEffect(() => {
    document.title = 'Sign in · Holdfast';
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Paper component="main" maw={420} mx="auto" mt={{ base: 'md', sm: '15vh' }} p="lg" withBorder>
      <form onSubmit={submit}>
        <Stack>
          <Title order={1} size="h3">
            Sign in to Holdfast
          </Title>
          {hasEnded ? (
            <Text size="sm" role="status" fw={600}>
              Your session has ended. Sign in again, and you are back where you were.
            </Text>
          ) : null}
          <Text size="sm">
            Your key was made with <code>holdfast keys create</code>; ask whoever runs this server for one.
          </Text>
          <PasswordInput
            ref={field}
            label="Key"
            value={key}
            onChange={(event) => {
              setKey(event.currentTarget.value);
            }}
            autoComplete="current-password"
            required
            withAsterisk={false}
            // Nothing else can be done here.
            autoFocus
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
