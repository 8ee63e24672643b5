import { Text } from '@mantine/core';
import type { DataHealth } from '../../../../src/desk/contract.ts';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { count, daysBetween, instant, MISSING } from '../../ui/format.ts';
import { ageText } from './fitness.ts';
import { Fold, type FoldOf, Section } from './section.tsx';
import classes from './data.module.css';

export interface SourcesSectionProps {
  readonly health: DataHealth;
  readonly today: number;
  readonly fold: FoldOf;
}

/** What was delivered, how long ago, and with which columns. */
export function SourcesSection({ health: { sources }, today, fold }: SourcesSectionProps) {
  return (
    <Section id="sources" title="Sources">
      <FigureTable
        caption="What was delivered"
        headings={['Source', 'Delivered', 'Newest file', 'Files', 'Rows']}
        rows={sources.map((source) => [
          <div key="source">
            <Text size="sm" fw={600} component="span">
              {source.table}
            </Text>
            <Text size="xs" c="dimmed">
              {source.description}
            </Text>
          </div>,
          source.delivered_at === null
            ? 'never'
            : `${ageText(daysBetween(source.delivered_at, today))} (${instant(source.delivered_at)})`,
          <span key="file" className={classes['file']}>
            {source.newest_file ?? MISSING}
          </span>,
          count(source.files),
          count(source.rows),
        ])}
      />
      {sources.map(({ table, columns }) => (
        <Fold key={table} name={table} summary={`Columns of ${table} (${count(columns.length)})`} fold={fold}>
          <FigureTable
            caption={`Columns of ${table}`}
            headings={['Column', 'Type']}
            rows={columns.map(({ name, type }) => [name, type])}
          />
        </Fold>
      ))}
    </Section>
  );
}
