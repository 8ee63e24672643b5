import { Bars } from '../../ui/charts/index.tsx';
import { niceTicks } from '../../ui/charts/axis.ts';
import { Legend } from '../../ui/charts/legend.tsx';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { count, percent, percentInDetail } from '../../ui/format.ts';
import type { Horizon } from './trust.ts';

const SERIES = [
  { name: 'predicted', label: 'Predicted', color: 'var(--horizon-1)' },
  { name: 'actual', label: 'Left', color: 'var(--horizon-2)' },
];

/** Tenths of the ranking: what was predicted beside what happened. */
export function Deciles({ horizon }: { readonly horizon: Horizon }) {
  const { deciles } = horizon;
  const top = deciles.find(({ decile }) => decile === 10);
  const ticks = niceTicks(
    Math.max(...deciles.flatMap(({ predicted, actual }) => [predicted ?? 0, actual ?? 0]), 0),
  );
  const found = horizon.positives === 0 ? null : (top?.positives ?? 0) / horizon.positives;
  return (
    <ChartFrame
      title="Deciles"
      summary={`The tenth with the highest risk holds ${percent(found)} of all who left; ${percentInDetail(top?.actual)} of it left, ${percentInDetail(top?.predicted)} were predicted to.`}
      table={{
        caption: 'Deciles, 10 is the highest risk',
        headings: ['Decile', 'Rows', 'Left', 'Predicted', 'Actual'],
        rows: deciles.map(({ decile, rows, positives, predicted, actual }) => [
          String(decile),
          count(rows),
          count(positives),
          percentInDetail(predicted),
          percentInDetail(actual),
        ]),
      }}
    >
      {deciles.length === 0 ? (
        <EmptyState title="There are no deciles without rows." />
      ) : (
        <>
          <Legend series={SERIES} />
          <Bars
            label="Predicted and actual share of leavers by decile"
            height={280}
            rows={deciles.map(({ decile, rows, positives, predicted, actual }) => ({
              name: String(decile),
              values: { predicted, actual },
              tip: [
                `Decile ${String(decile)}`,
                `${percentInDetail(predicted)} predicted`,
                `${percentInDetail(actual)} left (${count(positives)} of ${count(rows)})`,
              ],
            }))}
            series={SERIES}
            axis={{ text: percent, ticks, highest: ticks.at(-1) ?? 1 }}
            nameTitle="Decile, 10 is the highest risk"
          />
        </>
      )}
    </ChartFrame>
  );
}
