import { Paper, Stack, Text, Title } from '@mantine/core';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { count, decimal, MISSING } from '../../ui/format.ts';
import { type Horizon, metricOf, withInterval } from './trust.ts';

interface SectionProps {
  readonly horizon: Horizon;
}

/** What simple rules would do instead. */
export function Baselines({ horizon }: SectionProps) {
  const own = metricOf(horizon, 'auc_pr');
  return (
    <Paper component="section" aria-label="Against simple rules" withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Against simple rules
        </Title>
        <Text size="sm">
          The model&apos;s AUC-PR is {withInterval(own)}. A difference whose interval holds 0 leaves open
          which ranks better.
        </Text>
        <FigureTable
          caption="AUC-PR of simple rules, with 95 % intervals"
          headings={['Rule', 'AUC-PR', 'Model less rule']}
          rows={horizon.baselines.map(({ name, description, auc_pr, difference }) => [
            <span key="rule">
              <strong>{name}</strong>
              <br />
              {description}
            </span>,
            withInterval(auc_pr),
            difference === null ? MISSING : withInterval(difference),
          ])}
        />
      </Stack>
    </Paper>
  );
}

/** The figures that most ask for, as far as they are there. */
const KEY_FIGURES = [
  'auc_roc',
  'auc_pr',
  'lift_at_top_10pct',
  'brier_skill',
  'calibration_slope',
  'calibration_error',
];

/** Every figure that was measured, the usual ones first. */
export function Metrics({ horizon }: SectionProps) {
  const { metrics } = horizon;
  const usual = metrics.filter(({ name }) => KEY_FIGURES.includes(name));
  const others = metrics.filter(({ name }) => !KEY_FIGURES.includes(name));
  return (
    <Paper component="section" aria-label="Figures" withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          Figures
        </Title>
        <MetricTable caption="Figures of this horizon, with 95 % intervals" metrics={usual} />
        {others.length === 0 ? null : (
          <details>
            <summary>Show {count(others.length)} more figures</summary>
            <MetricTable caption="More figures, with 95 % intervals" metrics={others} />
          </details>
        )}
      </Stack>
    </Paper>
  );
}

const MetricTable = ({
  caption,
  metrics,
}: {
  readonly caption: string;
  readonly metrics: Horizon['metrics'];
}) => (
  <FigureTable
    caption={caption}
    headings={['Figure', 'Value', 'Interval']}
    rows={metrics.map(({ label, value, low, high }) => [
      label,
      decimal(value),
      low === null || high === null ? MISSING : `${decimal(low)}–${decimal(high)}`,
    ])}
  />
);
