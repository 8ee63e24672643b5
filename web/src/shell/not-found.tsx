import { Anchor, Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <Stack align="flex-start">
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Anchor renderRoot={(props) => <Link {...props} to="/" />}>To the overview</Anchor>
    </Stack>
  );
}
