import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { capital } from './words.ts';

/** While something is on its way: as high as what will stand there, so that nothing jumps. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  return (
    <Stack gap="xs" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={36} />
      ))}
    </Stack>
  );
}

/** What went wrong, what to do about it, and a way to try again. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { message, hint, code } =
    error instanceof ApiError ? error : { message: String(error), hint: 'reload the page', code: '' };
  return (
    <Alert role="alert" variant="outline" color="red" title={sentence(message)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {sentence(hint)}
          {code === '' ? '' : ` (${code})`}
        </Text>
        {onRetry === undefined ? null : (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

interface Asked {
  readonly data: unknown;
  readonly isError: boolean;
  readonly error: Error | null;
  readonly refetch: () => Promise<unknown>;
}

/**
 * What stands where these are on their way, or the first of them could not be read; nothing once all are there. What
 * was read before a failure is shown beside it.
 */
export function Pending({ of: asked, lines }: { readonly of: readonly Asked[]; readonly lines?: number }) {
  const failed = asked.find(({ isError }) => isError);
  if (failed !== undefined) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (asked.every(({ data }) => data !== undefined)) return null;
  return <Loading {...(lines === undefined ? {} : { lines })} />;
}

/** Nothing to show, and why; with what leads out of it. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack gap="xs" align="flex-start" py="lg">
      <Text fw={600}>{title}</Text>
      {children}
    </Stack>
  );
}

/** Errors of the server begin small and end without a stop. */
export function sentence(text: string): string {
  const start = capital(text);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
