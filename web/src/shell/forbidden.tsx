import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Session } from '../../../src/desk/contract.ts';
import { PAGES } from './pages.ts';

/** A page that the role may not see: which role, and where it may go. */
export function Forbidden({ session }: { readonly session: Session }) {
  const pages = PAGES.filter(({ permission }) => session.permissions.includes(permission));
  return (
    <Stack align="flex-start" gap="xs">
      <Title order={1} size="h2">
        Your role may not see this page
      </Title>
      <Text size="sm">
        {session.name} is signed in with the role {session.role}, which does not have the right to it. Whoever
        runs this server can make a key of another role.
      </Text>
      {pages.map(({ to, label }) => (
        <Anchor key={to} size="sm" renderRoot={(props) => <Link {...props} to={to} />}>
          To the page {label}
        </Anchor>
      ))}
    </Stack>
  );
}
