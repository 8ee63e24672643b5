import { count, percent } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ModelReport, ReportedCleaning } from '../model-report.ts';
import type { Section } from '../page.ts';
import { renderTable } from '../table.ts';

/** What cleaning was fitted to and what it did; no section where the pack cleans nothing. */
export function cleaningSections({ cleaning }: ModelReport): Section[] {
  if (cleaning === undefined) return [];
  return [
    {
      id: 'cleaning',
      title: 'Cleaning',
      body: html`<p>
          Every figure below was fitted on the training rows, is stored with the models and is used unchanged
          when rows are scored. What was put in the place of a missing value is seen by the models alone: it
          is never told as a fact.
        </p>
        ${cleaningTable('The training rows', cleaning.trained)}
        ${cleaning.scored.length === 0 ? undefined : cleaningTable('The rows scored last', cleaning.scored)}`,
    },
  ];
}

function cleaningTable(caption: string, lines: readonly ReportedCleaning[]): Html {
  const some = (value: number): string | null => (value === 0 ? null : count(value));
  return renderTable({
    caption: `${caption}: ${count(lines[0]?.rows ?? 0)}.`,
    columns: [
      { heading: 'feature' },
      { heading: 'type' },
      { heading: 'missing', numeric: true },
      { heading: 'share', numeric: true },
      { heading: 'impossible', numeric: true },
      { heading: 'unseen category', numeric: true },
      { heading: 'outliers', numeric: true },
      { heading: 'replaced', numeric: true },
      { heading: 'capped', numeric: true },
      { heading: 'what is done' },
    ],
    rows: lines.map((line) => [
      line.feature,
      line.columnType,
      some(line.missing),
      line.missing === 0 ? null : percent(line.missing / line.rows),
      some(line.impossible),
      some(line.unseen),
      some(line.outliers),
      some(line.replaced),
      some(line.capped),
      line.done,
    ]),
  });
}
