import '@mantine/core/styles/Code.css';
import { Code, Text } from '@mantine/core';
import { EmptyState } from './states.tsx';
import { plural } from './words.ts';

/** Before the first scoring there is nobody to show. */
export function NothingScored({ entity }: { readonly entity: string }) {
  return (
    <EmptyState title="Nothing is scored yet.">
      <Text size="sm">
        Score your {plural(entity)} with <Code>holdfast score</Code> (or everything from the start with{' '}
        <Code>holdfast run</Code>), then reload this page.
      </Text>
    </EmptyState>
  );
}
