import { Alert, AppShell, Burger, Button, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import type { Session } from '../../../src/desk/contract.ts';
import { deleteJson } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { PAGES } from './pages.ts';
import { SignIn } from './sign-in.tsx';

/** What is around every page: who is signed in, the menu, and the page itself. */
export function Shell() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return <Loading />;
  if (session.isError) return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  if (!session.data.is_open && !session.data.is_signed_in) return <SignIn />;
  return <SignedIn session={session.data} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const [isOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  const pages = PAGES.filter(({ permission }) => session.permissions.includes(permission));
  const [first] = pages;
  const isForbiddenStart = pathname === '/' && first !== undefined && first.to !== '/';
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
            />
            <Text fw={700}>Holdfast</Text>
          </Group>
          <Account session={session} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        {pages.map(({ to, label }) => (
          <NavLink
            key={to}
            label={label}
            active={to === '/' ? pathname === '/' : pathname.startsWith(to)}
            onClick={menu.close}
            renderRoot={(props) => <Link {...props} to={to} />}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main">
        {session.is_open ? (
          <Alert variant="outline" color="yellow" mb="md" role="note">
            Open to everybody on this machine, since there are no keys. Make one with{' '}
            <code>holdfast keys create</code>.
          </Alert>
        ) : null}
        {isForbiddenStart ? <Navigate to={first.to} replace /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}

function Account({ session }: { readonly session: Session }) {
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => deleteJson('/v1/session'),
    onSuccess: () => {
      client.clear();
      return client.invalidateQueries();
    },
  });
  if (session.is_open) return null;
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" truncate>
        {session.name} ({session.role})
      </Text>
      <Button
        size="xs"
        variant="default"
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

/** Whether whoever is signed in may do something; not known yet counts as no. */
export function usePermission(permission: string): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.permissions.includes(permission) ?? false;
}
