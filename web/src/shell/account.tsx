import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Session } from '../../../src/desk/contract.ts';
import { deleteJson } from '../api/client.ts';
import { enterSession, NOBODY } from '../api/session.ts';

/** Who is signed in, and the way out. */
export function Account({ session }: { readonly session: Session }) {
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => deleteJson('/v1/session'),
    onSuccess: () => {
      enterSession(client, NOBODY);
    },
  });
  if (session.is_open) return null;
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Text size="sm" truncate title={`${session.name ?? ''} (${session.role ?? ''})`}>
        {session.name} ({session.role})
      </Text>
      {signOut.isError ? (
        <Text size="sm" role="alert" flex="none" title={signOut.error.message}>
          Not signed out
        </Text>
      ) : null}
      <Button
        size="xs"
        variant="default"
        flex="none"
        onClick={() => {
          signOut.mutate();
        }}
        loading={signOut.isPending}
      >
        Sign out
      </Button>
    </Group>
  );
}
