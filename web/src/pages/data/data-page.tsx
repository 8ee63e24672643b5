import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/data')({ component: DataPage });

function DataPage() {
  return <Title order={1}>Data</Title>;
}
