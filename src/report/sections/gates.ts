import { html } from '../html.ts';
import type { ModelReport, ReportedHorizon } from '../model-report.ts';
import type { Section } from '../page.ts';
import { renderTable } from '../table.ts';
import type { MetricTitles } from './metrics.ts';

/** Whether the test rows reach what the pack asks for; no section where it asks for nothing. */
export function gateSections({ gates = [], horizons }: ModelReport, titles: MetricTitles): Section[] {
  if (gates.length === 0) return [];
  return [
    {
      id: 'gates',
      title: 'Gates',
      body: html`<p>What the pack asks of a model on the test rows before it may be used.</p>
        ${renderTable({
          columns: [
            { heading: 'horizon' },
            { heading: 'metric' },
            { heading: 'at least', numeric: true },
            { heading: 'test', numeric: true },
            { heading: 'verdict' },
          ],
          rows: horizons.flatMap((horizon) =>
            gates.map(({ metric, atLeast }) => {
              const value = testValue(horizon, metric);
              return [
                `${String(horizon.days)} days`,
                titles[metric] ?? metric,
                String(atLeast),
                value === null ? null : value.toFixed(3),
                value === null
                  ? { text: 'not yet known', mood: 'bad' as const }
                  : value >= atLeast
                    ? { text: 'reached', mood: 'good' as const }
                    : { text: 'missed', mood: 'bad' as const },
              ];
            }),
          ),
        })}`,
    },
  ];
}

const testValue = ({ test }: ReportedHorizon, metric: string): number | null =>
  'rows' in test ? (test.metrics[metric]?.value ?? null) : null;
