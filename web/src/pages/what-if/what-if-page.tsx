import { Title } from '@mantine/core';
import { createLazyRoute } from '@tanstack/react-router';

export const Route = createLazyRoute('/what-if')({ component: WhatIfPage });

function WhatIfPage() {
  return <Title order={1}>WhatIf</Title>;
}
