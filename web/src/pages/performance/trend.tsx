import { Text } from '@mantine/core';
import type { Performance } from '../../../../src/desk/contract.ts';
import { niceTicks } from '../../ui/charts/axis.ts';
import { Lines } from '../../ui/charts/index.tsx';
import { Legend } from '../../ui/charts/legend.tsx';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { count, day, percentInDetail } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';
import type { PerformanceProps } from './performance-page.tsx';
import classes from './performance.module.css';

type Point = Performance['trend'][number];

// The grey one is drawn first, so that the last known point covers where it begins.
const SERIES = [
  { name: 'open', label: 'Mean probability, outcome not known yet', color: 'var(--tier-3)' },
  { name: 'predicted', label: 'Mean probability', color: 'var(--horizon-1)' },
  { name: 'actual', label: 'Share that left', color: 'var(--horizon-0)', isDashed: true },
];

/** What was predicted on each score date, and what became of it as far as that is known. */
export function Trend({ performance: { trend } }: PerformanceProps) {
  const horizons = trend.at(-1)?.horizons ?? [];
  const ticks = niceTicks(
    Math.max(
      0,
      ...trend.flatMap((point) =>
        point.horizons.flatMap(({ mean_probability, actual_rate }) => [mean_probability, actual_rate ?? 0]),
      ),
    ),
  );
  return (
    <ChartFrame
      title="Predicted and actual over time"
      summary={summaryOf(trend)}
      table={{
        caption: 'Mean probability and share that left, by score date',
        headings: [
          'Score date',
          'Model set',
          'Scored',
          ...horizons.flatMap(({ days }) => [
            `${counted(days, 'day')}, predicted`,
            `${counted(days, 'day')}, left`,
          ]),
        ],
        rows: trend.map((point) => [
          day(point.score_date),
          String(point.model_set),
          count(point.scored),
          ...horizons.flatMap(({ days }) => {
            const own = at(point, days);
            return [
              percentInDetail(own?.mean_probability),
              own?.actual_rate === null ? (
                <span key={days} className={classes['unknown']}>
                  matures {day(own.matures_on)}
                </span>
              ) : (
                percentInDetail(own?.actual_rate)
              ),
            ];
          }),
        ]),
      }}
    >
      <Legend series={SERIES} />
      <div className={classes['multiples']}>
        {horizons.map(({ days }) => {
          const unknown = trend.find((point) => at(point, days)?.actual_rate === null);
          const matures = unknown === undefined ? undefined : at(unknown, days)?.matures_on;
          return (
            <div key={days}>
              <Text size="sm" fw={600}>
                Within {counted(days, 'day')}
              </Text>
              <Lines
                label={`Within ${counted(days, 'day')}: ${trend.map((point) => `${day(point.score_date)} ${percentInDetail(at(point, days)?.mean_probability)}`).join(', ')}`}
                height={trend.length > 1 ? 200 : 130}
                series={SERIES}
                axis={{ text: percentInDetail, ticks, highest: ticks.at(-1) ?? 1, width: 56 }}
                rows={trend.map((point, place) => {
                  const own = at(point, days);
                  const next = trend[place + 1];
                  const isOpen = own?.actual_rate === null;
                  const leadsToOpen = next !== undefined && at(next, days)?.actual_rate === null;
                  const predicted = own?.mean_probability ?? null;
                  return {
                    name: day(point.score_date),
                    values: {
                      predicted: isOpen ? null : predicted,
                      open: isOpen || leadsToOpen ? predicted : null,
                      actual: own?.actual_rate ?? null,
                    },
                    tip: [
                      day(point.score_date),
                      `${percentInDetail(own?.mean_probability)} predicted`,
                      own?.actual_rate === null
                        ? `outcome matures ${day(own.matures_on)}`
                        : `${percentInDetail(own?.actual_rate)} left`,
                      `n = ${count(point.scored)}`,
                    ],
                  };
                })}
              />
              {matures === undefined ? null : (
                <Text size="xs" c="dimmed">
                  Grey: outcomes not known yet; the next matures {day(matures)}.
                </Text>
              )}
            </div>
          );
        })}
      </div>
    </ChartFrame>
  );
}

const at = (point: Point, days: number): Point['horizons'][number] | undefined =>
  point.horizons.find((horizon) => horizon.days === days);

function summaryOf(trend: readonly Point[]): string {
  const last = trend.at(-1);
  const first = trend[0];
  if (last === undefined || first === undefined) return 'Nothing was scored yet.';
  const days = last.horizons.at(-1)?.days ?? 0;
  const now = percentInDetail(at(last, days)?.mean_probability);
  if (trend.length === 1)
    return `Scored once so far, on ${day(last.score_date)}: ${now} are expected to leave within ${counted(days, 'day')}.`;
  const before = percentInDetail(at(first, days)?.mean_probability);
  return `The mean probability of leaving within ${counted(days, 'day')} went from ${before} on ${day(first.score_date)} to ${now} on ${day(last.score_date)}.`;
}
