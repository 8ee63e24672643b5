import { Box, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

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

/** A small table of figures. */
export function FigureTable({ caption, headings, rows }: ChartTable) {
  return (
    <Table.ScrollContainer
      minWidth={0}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'group', 'aria-label': caption } }}
    >
      <Table captionSide="top">
        <Table.Caption ta="left">{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {headings.map((heading, index) => (
              <Table.Th key={heading} ta={index === 0 ? 'left' : 'right'} scope="col">
                {heading}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, rowIndex) => (
            <Table.Tr key={rowIndex}>
              {row.map((cell, index) => (
                <Table.Td key={index} ta={index === 0 ? 'left' : 'right'}>
                  {cell}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
