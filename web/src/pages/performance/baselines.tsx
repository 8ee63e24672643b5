import { Paper, Stack, Text, Title } from '@mantine/core';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { decimal, MISSING } from '../../ui/format.ts';
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

/** Every figure that was measured. */
export function Metrics({ horizon }: SectionProps) {
  return (
    <Paper component="section" aria-label="All figures" withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          All figures
        </Title>
        <FigureTable
          caption="Figures of this horizon, with 95 % intervals"
          headings={['Figure', 'Value', 'Interval']}
          rows={horizon.metrics.map(({ label, value, low, high }) => [
            label,
            decimal(value),
            low === null || high === null ? MISSING : `${decimal(low)}–${decimal(high)}`,
          ])}
        />
      </Stack>
    </Paper>
  );
}
