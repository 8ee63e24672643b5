import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/customers/$id')({ component: CustomerPage });

function CustomerPage() {
  return <Title order={1}>Customer</Title>;
}
