import { Text } from '@mantine/core';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { bytes, count, daysBetween, instant } from '../../ui/format.ts';
import { ageText } from './fitness.ts';
import { Fold, type FoldOf, Section } from './section.tsx';

export interface TablesSectionProps {
  readonly health: DataHealth;
  readonly today: number;
  readonly fold: FoldOf;
}

/** All tables of the lake, folded away: they are for those who look for one. */
export function TablesSection({ health: { tables }, today, fold }: TablesSectionProps) {
  const size = tables.reduce((sum, table) => sum + table.bytes, 0);
  return (
    <Section id="tables" title="Tables of the lake">
      <Fold name="tables" summary={`${count(tables.length)} tables, ${bytes(size)}`} fold={fold}>
        <FigureTable
          caption="Tables"
          headings={['Table', 'Rows', 'Size', 'Version', 'Changed']}
          rows={tables.map((table) => [
            <div key="table">
              <Text size="sm" fw={600} component="span">
                {table.table}
              </Text>
              <Text size="xs" c="dimmed">
                {table.description}
              </Text>
            </div>,
            count(table.rows),
            bytes(table.bytes),
            count(table.version),
            `${ageText(daysBetween(table.changed_at, today))} (${instant(table.changed_at)})`,
          ])}
        />
      </Fold>
    </Section>
  );
}
