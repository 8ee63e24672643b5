import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { Session } from '../../../src/desk/contract.ts';
import { sessionQuery } from '../api/queries.ts';
import { ErrorState, Loading } from '../ui/states.tsx';
import { Account } from './account.tsx';
import { Forbidden } from './forbidden.tsx';
import { OpenBanner } from './open-banner.tsx';
import { pageOf, PAGES } from './pages.ts';
import classes from './shell.module.css';
import { useArrival } from './use-arrival.ts';

// Most who come are signed in: what asks for a key is loaded for those who are not.
const SignIn = lazy(async () => ({ default: (await import('./sign-in.tsx')).SignIn }));

/** What is around every page: who is signed in, the menu, and the page itself. */
export function Shell() {
  const session = useQuery(sessionQuery);
  // What is known of it holds while the server cannot be asked: nothing that somebody is at is taken away.
  if (session.data === undefined)
    return session.isError ? (
      <ErrorState error={session.error} onRetry={() => void session.refetch()} />
    ) : (
      <Loading />
    );
  if (!session.data.is_open && !session.data.is_signed_in)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn hasEnded={session.data.id !== null} />
      </Suspense>
    );
  return <SignedIn key={session.data.id} session={session.data} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const [isOpen, menu] = useDisclosure(false);
  const { pathname } = useLocation();
  const pages = PAGES.filter(({ permission }) => session.permissions.includes(permission));
  const [first] = pages;
  const isForbiddenStart = pathname === '/' && first !== undefined && first.to !== '/';
  const page = pageOf(pathname);
  useArrival(page === undefined ? 'No such page' : page.label);
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
      <AppShell.Navbar
        p="xs"
        aria-label="Pages"
        className={classes['menu'] ?? ''}
        data-open={isOpen || undefined}
      >
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
      <AppShell.Main id="main" tabIndex={-1}>
        {session.is_open ? <OpenBanner /> : null}
        {isForbiddenStart ? (
          <Navigate to={first.to} replace />
        ) : page !== undefined && !session.permissions.includes(page.permission) ? (
          <Forbidden session={session} />
        ) : (
          <Outlet />
        )}
      </AppShell.Main>
    </AppShell>
  );
}

/** Whether whoever is signed in may do something; not known yet counts as no. */
export function usePermission(permission: string): boolean {
  const { data } = useQuery(sessionQuery);
  return data?.permissions.includes(permission) ?? false;
}
