import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/queue')({ component: QueuePage });

function QueuePage() {
  return <Title order={1}>Queue</Title>;
}
