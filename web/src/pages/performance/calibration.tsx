import { Scatter } from '../../ui/charts/index.tsx';
import { niceTicks } from '../../ui/charts/axis.ts';
import { ChartFrame } from '../../ui/chart-frame.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { count, decimal, percent, percentInDetail } from '../../ui/format.ts';
import { metricOf, type Horizon } from './trust.ts';

/** Whether of those with 20 % one in five leaves. */
export function Calibration({ horizon }: { readonly horizon: Horizon }) {
  const { calibration } = horizon;
  const ticks = niceTicks(
    Math.max(...calibration.flatMap(({ predicted, actual }) => [predicted, actual]), 0),
    5,
  );
  const slope = metricOf(horizon, 'calibration_slope');
  const error = metricOf(horizon, 'calibration_error');
  return (
    <ChartFrame
      title="Calibration"
      summary={`Probabilities are ${percentInDetail(error?.value).replace('%', 'percentage points')} off on average; the slope is ${decimal(slope?.value)}, where 1 is right and less is too bold.`}
      table={{
        caption: 'Bins of probability',
        headings: ['Predicted', 'Actual', 'Rows'],
        rows: calibration.map(({ rows, predicted, actual }) => [
          percentInDetail(predicted),
          percentInDetail(actual),
          count(rows),
        ]),
      }}
    >
      {calibration.length === 0 ? (
        <EmptyState title="There are no bins without rows." />
      ) : (
        <Scatter
          label="Actual share of leavers by predicted probability, beside the diagonal where both are equal"
          height={300}
          color="var(--horizon-1)"
          text={percent}
          xTitle="Predicted"
          yTitle="Left"
          highest={ticks.at(-1) ?? 1}
          ticks={ticks}
          points={calibration.map(({ rows, predicted, actual }) => ({
            x: predicted,
            y: actual,
            weight: rows,
            tip: [
              `${percentInDetail(predicted)} predicted`,
              `${percentInDetail(actual)} left`,
              `${count(rows)} rows`,
            ],
          }))}
        />
      )}
    </ChartFrame>
  );
}
