import { Box, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './chart-frame.module.css';

export interface ChartTable {
  readonly caption: string;
  readonly headings: readonly string[];
  /** Cells as people read them; all but the first of a row are right-aligned. */
  readonly rows: readonly (readonly ReactNode[])[];
}

export interface ChartFrameProps {
  readonly title: string;
  /** What the chart shows, in one sentence. */
  readonly summary: string;
  readonly table: ChartTable;
  readonly children: ReactNode;
  /** Switches of the chart, beside its title. */
  readonly controls?: ReactNode;
}

/** A chart with what it says in words, and the figures behind it. */
export function ChartFrame({ title, summary, table, children, controls }: ChartFrameProps) {
  return (
    <Paper component="section" aria-label={title} withBorder p="md">
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Title order={2} size="h4">
            {title}
          </Title>
          {controls}
        </Group>
        <Text size="sm">{summary}</Text>
        <Box>{children}</Box>
        <details>
          <summary>Show as a table</summary>
          <FigureTable {...table} />
        </details>
      </Stack>
    </Paper>
  );
}

/** A small table of figures; of plain elements, since some have hundreds of cells and are drawn anew with each key. */
export function FigureTable({ caption, headings, rows }: ChartTable) {
  return (
    <div className={classes['scroll']} tabIndex={0} role="group" aria-label={caption}>
      <table className={classes['table']}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {headings.map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {row.map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
