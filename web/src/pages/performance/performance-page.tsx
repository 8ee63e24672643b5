import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/performance')({ component: PerformancePage });

function PerformancePage() {
  return <Title order={1}>Performance</Title>;
}
