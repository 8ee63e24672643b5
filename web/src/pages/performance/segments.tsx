import { Paper, Stack, Text, Title } from '@mantine/core';
import { FigureTable } from '../../ui/chart-frame.tsx';
import { count, decimal, percentInDetail } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';
import classes from './performance.module.css';
import { metricOf, type Horizon, withInterval } from './trust.ts';

const TITLE = 'Where it can be trusted, and where not';

/** The ranking within parts of the population, with what each figure rests on. */
export function Segments({ horizon }: { readonly horizon: Horizon }) {
  const { segments } = horizon;
  return (
    <Paper component="section" aria-label={TITLE} withBorder p="md">
      <Stack gap="xs">
        <Title order={2} size="h4">
          {TITLE}
        </Title>
        <Text size="sm">{summaryOf(horizon)}</Text>
        {segments.map(({ segment, label, parts }) => (
          <Stack key={segment} gap={4}>
            <Title order={3} size="h5">
              {label}
            </Title>
            <FigureTable
              caption={`By ${label}, with 95 % intervals`}
              headings={['Value', 'Rows', 'Left', 'Base rate', 'AUC-ROC', 'AUC-PR']}
              rows={parts.map((part) => [
                part.value,
                count(part.rows),
                count(part.positives),
                percentInDetail(part.base_rate),
                part.missing === null ? (
                  withInterval(part.auc_roc)
                ) : (
                  <span key="missing" className={classes['unknown']}>
                    {part.missing}
                  </span>
                ),
                withInterval(part.auc_pr),
              ])}
            />
          </Stack>
        ))}
      </Stack>
    </Paper>
  );
}

/** Parts in which it ranks clearly worse than among all: the whole interval is below. */
function summaryOf(horizon: Horizon): string {
  const all = metricOf(horizon, 'auc_roc')?.value ?? null;
  if (horizon.segments.length === 0) return 'The pack names no segments to look at apart.';
  const parts = horizon.segments.flatMap(({ label, parts: own }) => own.map((part) => ({ label, ...part })));
  const unknown = parts.filter(({ missing }) => missing !== null).length;
  const worse = parts.filter(({ auc_roc: auc }) => all !== null && (auc?.high ?? all) < all);
  const rest = unknown === 0 ? '' : ` Too little is known to say so of ${counted(unknown, 'part')}.`;
  return worse.length === 0
    ? `In no part does it rank clearly worse than among all (AUC-ROC ${decimal(all)}).${rest}`
    : `It ranks clearly worse than among all (AUC-ROC ${decimal(all)}) in ${worse.map(({ label, value, auc_roc: auc }) => `${label} ${value} (${decimal(auc?.value)})`).join(', ')}.${rest}`;
}
