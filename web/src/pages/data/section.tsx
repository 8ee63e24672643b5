import { Paper, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './data.module.css';

/** Whether a part of the page is unfolded, by its name. */
export type FoldOf = (name: string) => {
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
};

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

export function Section({ id, title, children }: SectionProps) {
  return (
    <Paper
      component="section"
      id={id}
      aria-labelledby={`${id}-title`}
      withBorder
      p="md"
      className={classes['section'] ?? ''}
    >
      <Stack gap="xs">
        <Title order={2} size="h4" id={`${id}-title`}>
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  );
}

export interface FoldProps {
  readonly name: string;
  readonly summary: string;
  readonly fold: FoldOf;
  readonly children: ReactNode;
}

/** Made only when it is looked at. */
export function Fold({ name, summary, fold, children }: FoldProps) {
  const { isOpen, onToggle } = fold(name);
  return (
    <details
      open={isOpen}
      onToggle={(event) => {
        onToggle(event.currentTarget.open);
      }}
    >
      <summary className={classes['summary']}>{summary}</summary>
      {isOpen ? children : null}
    </details>
  );
}
