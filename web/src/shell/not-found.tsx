import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/states.tsx';

export function NotFound() {
  return (
    <EmptyState title="There is no such page.">
      <Anchor renderRoot={(props) => <Link {...props} to="/" />}>To the overview</Anchor>
    </EmptyState>
  );
}
