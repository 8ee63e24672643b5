import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/')({ component: OverviewPage });

function OverviewPage() {
  return <Title order={1}>Overview</Title>;
}
