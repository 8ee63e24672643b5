/** What all drawings have in common. */
import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './chart.module.css';

export const GRID_CLASSES = {
  root: classes['root'] ?? '',
  container: classes['container'] ?? '',
  grid: classes['grid'] ?? '',
  axis: classes['axis'] ?? '',
};

/** One picture for whoever does not see it; nothing in it takes the keyboard. */
export function Picture({
  label,
  canOpen = false,
  children,
}: {
  readonly label: string;
  readonly canOpen?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Box role="img" aria-label={label} {...(canOpen ? { className: classes['opens'] } : {})}>
      {children}
    </Box>
  );
}

interface TipPayload {
  readonly payload?: { readonly tip?: readonly string[] };
}

/** What recharts shows at the pointer: the words that came with the row. */
export function Tip({ active, payload }: { readonly active?: boolean; readonly payload?: unknown }) {
  const [first] = (payload ?? []) as readonly TipPayload[];
  const lines = first?.payload?.tip;
  if (active !== true || lines === undefined) return null;
  return (
    <div className={classes['tip']}>
      {lines.map((line, index) => (
        <div key={index}>{line}</div>
      ))}
    </div>
  );
}

export const withoutAnimation = { isAnimationActive: false, content: Tip };
