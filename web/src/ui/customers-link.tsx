import { Anchor, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { QueueSearch } from '../pages/queue-search.ts';
import { usePermission } from '../shell/shell.tsx';

interface CustomersLinkProps {
  /** Filters that leave exactly those who are meant. */
  readonly search: QueueSearch;
  readonly children: ReactNode;
  /** What is behind it, where its text alone does not say so. */
  readonly label?: string;
  readonly className?: string | undefined;
}

/** To those behind a figure; the bare figure for whoever may not see them. */
export function CustomersLink({ search, children, label, className }: CustomersLinkProps) {
  if (!usePermission('customers.read'))
    return className === undefined ? (
      children
    ) : (
      <Text span inherit className={className}>
        {children}
      </Text>
    );
  return (
    <Anchor
      inherit
      {...(className === undefined ? {} : { className })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      renderRoot={(props) => <Link {...props} to="/queue" search={search} />}
    >
      {children}
    </Anchor>
  );
}

/** Opens those behind a mark of a chart; undefined for whoever may not see them. */
export function useOpenCustomers(): ((search: QueueSearch) => void) | undefined {
  const navigate = useNavigate();
  const canRead = usePermission('customers.read');
  return canRead ? (search) => void navigate({ to: '/queue', search }) : undefined;
}
