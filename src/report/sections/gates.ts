import { html } from '../html.ts';
import type { ModelReport, ReportedGate, ReportedHorizon } from '../model-report.ts';
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
            { heading: 'limit' },
            { heading: 'test', numeric: true },
            { heading: 'verdict' },
          ],
          rows: horizons.flatMap((horizon) =>
            gates.map((gate) => {
              const value = testValue(horizon, gate.metric);
              return [
                `${String(horizon.days)} days`,
                titles[gate.metric] ?? gate.metric,
                limitText(gate),
                value === null ? null : value.toFixed(3),
                value === null
                  ? { text: 'not yet known', mood: 'bad' as const }
                  : isReached(gate, value)
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

const limitText = ({ atLeast, atMost }: ReportedGate): string =>
  [
    ...(atLeast === undefined ? [] : [`at least ${String(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${String(atMost)}`]),
  ].join(', ');

const isReached = ({ atLeast = -Infinity, atMost = Infinity }: ReportedGate, value: number): boolean =>
  value >= atLeast && value <= atMost;
