/** All drawings in one chunk: whoever has seen one page with a chart has it for the others. */
import { BarChart, DonutChart, LineChart, ScatterChart } from '@mantine/charts';
import type {
  BarsProps,
  ChartRow,
  CurveProps,
  DonutProps,
  LinesProps,
  ScatterProps,
  ValueAxis,
} from './chart-types.ts';
import classes from './chart.module.css';
import { GRID_CLASSES, Picture, withoutAnimation } from './drawing-parts.tsx';

/** Bars this short still show that there is somebody. */
const LEAST_PX = 2;
const NAME_WIDTH_PX = 110;
const VALUE_WIDTH_PX = 48;
/** Beside the longest bar, for its figure. */
const VALUE_ROOM_PX = 64;
/** Below an axis, for its title. */
const TITLE_ROOM_PX = 24;
/** The topmost label and the last one stand partly outside. */
const LINE_MARGIN = { top: 12, right: 16, bottom: 0, left: 0 };

const flat = (rows: readonly ChartRow[]): Record<string, unknown>[] =>
  rows.map(({ name, tip, values, color }, place) => ({
    name,
    tip,
    place,
    ...values,
    ...(color === undefined ? {} : { color }),
  }));

const numbersOf = ({ ticks, highest, width = VALUE_WIDTH_PX, text }: ValueAxis) => ({
  tickFormatter: text,
  width,
  domain: [0, highest ?? 'auto'] as [number, number | 'auto'],
  ...(ticks === undefined ? {} : { ticks: [...ticks], interval: 0 as const }),
});

/** Bars that stand or lie, beside or on top of each other. */
export function Bars({
  label,
  height,
  rows,
  series,
  axis,
  direction = 'standing',
  isStacked = false,
  nameWidth = NAME_WIDTH_PX,
  withNames = true,
  nameEvery,
  withValues = false,
  nameTitle,
  onOpen,
}: BarsProps) {
  const numbers = numbersOf(axis);
  const isLying = direction === 'lying';
  return (
    <Picture label={label} canOpen={onOpen !== undefined}>
      <BarChart
        h={height}
        classNames={GRID_CLASSES}
        data={flat(rows)}
        dataKey="name"
        series={series.map(({ name, color, label: words }) => ({ name, color, label: words }))}
        type={isStacked ? 'stacked' : 'default'}
        orientation={isLying ? 'vertical' : 'horizontal'}
        gridAxis={isLying ? (withValues ? 'none' : 'y') : 'x'}
        tickLine="none"
        accessibilityLayer={false}
        valueFormatter={axis.text}
        withBarValueLabel={withValues}
        withXAxis={isLying || withNames}
        maxBarWidth={36}
        {...(nameTitle === undefined ? {} : { xAxisLabel: nameTitle })}
        xAxisProps={
          isLying
            ? { ...numbers, hide: withValues }
            : nameEvery === undefined
              ? {}
              : { interval: nameEvery - 1 }
        }
        yAxisProps={isLying ? { width: nameWidth } : numbers}
        barChartProps={{
          barCategoryGap: '12%',
          barGap: 1,
          margin: {
            top: 8,
            right: isLying ? VALUE_ROOM_PX : 8,
            bottom: nameTitle === undefined ? 0 : TITLE_ROOM_PX,
          },
        }}
        barProps={({ name }) => ({
          minPointSize: (value: unknown) => (typeof value === 'number' && value > 0 ? LEAST_PX : 0),
          ...(onOpen === undefined
            ? {}
            : {
                onClick: (_bar: unknown, place: number) => {
                  onOpen(place, name);
                },
              }),
        })}
        tooltipProps={withoutAnimation}
      />
    </Picture>
  );
}

/** Lines over categories such as days. */
export function Lines({ label, height, rows, series, axis }: LinesProps) {
  return (
    <Picture label={label}>
      <LineChart
        h={height}
        classNames={GRID_CLASSES}
        data={flat(rows)}
        dataKey="name"
        series={series.map(({ name, color, isDashed, label: words }) => ({
          name,
          color,
          label: words,
          ...(isDashed === true ? { strokeDasharray: '4 3' } : {}),
        }))}
        curveType="linear"
        connectNulls={false}
        dotProps={{ r: 4 }}
        tickLine="none"
        accessibilityLayer={false}
        yAxisProps={numbersOf(axis)}
        xAxisProps={{ padding: { left: 16, right: 16 } }}
        lineChartProps={{ margin: LINE_MARGIN }}
        tooltipProps={withoutAnimation}
      />
    </Picture>
  );
}

interface WeightedProps {
  readonly cx?: number;
  readonly cy?: number;
  readonly payload?: { readonly weight?: number };
}

const LEAST_RADIUS_PX = 3;
const MORE_RADIUS_PX = 9;

/** A point whose area grows with its weight. */
const Weighted = ({
  cx,
  cy,
  payload,
  heaviest,
  color,
}: WeightedProps & { readonly heaviest: number; readonly color: string }) => (
  <circle
    cx={cx}
    cy={cy}
    r={LEAST_RADIUS_PX + MORE_RADIUS_PX * Math.sqrt((payload?.weight ?? 0) / heaviest)}
    fill={color}
    fillOpacity={0.75}
  />
);

/** Points with a weight, beside the diagonal where both are equal. */
export function Scatter({
  label,
  height,
  points,
  color,
  text,
  xTitle,
  yTitle,
  highest,
  ticks,
}: ScatterProps) {
  const heaviest = Math.max(...points.map(({ weight }) => weight), 1);
  const axis = { domain: [0, highest] as [number, number], ticks: [...ticks], interval: 0 as const };
  return (
    <Picture label={label}>
      <ScatterChart
        h={height}
        classNames={GRID_CLASSES}
        data={[{ name: label, color, data: points.map((point) => ({ ...point })) as never }]}
        dataKey={{ x: 'x', y: 'y' }}
        gridAxis="xy"
        tickLine="none"
        accessibilityLayer={false}
        valueFormatter={text}
        xAxisLabel={xTitle}
        yAxisLabel={yTitle}
        xAxisProps={axis}
        yAxisProps={{ ...axis, width: VALUE_WIDTH_PX + TITLE_ROOM_PX }}
        scatterProps={{
          shape: (point: unknown) => (
            <Weighted {...(point as WeightedProps)} heaviest={heaviest} color={color} />
          ),
        }}
        referenceLines={[
          {
            segment: [
              { x: 0, y: 0 },
              { x: highest, y: highest },
            ],
            color: 'var(--mantine-color-dimmed)',
            strokeDasharray: '4 3',
          },
        ]}
        scatterChartProps={{ margin: { top: 12, right: 16, bottom: TITLE_ROOM_PX, left: 10 } }}
        tooltipProps={{ ...withoutAnimation, cursor: false }}
      />
    </Picture>
  );
}

/** A curve over a number, and where one stands on it. */
export function Curve({ label, height, points, color, at, xText, yText, xTitle }: CurveProps) {
  const withOther = points.some(({ other }) => other !== undefined);
  return (
    <Picture label={label}>
      <LineChart
        h={height}
        classNames={GRID_CLASSES}
        data={points.map((point) => ({ ...point }))}
        dataKey="x"
        series={[
          { name: 'y', color },
          ...(withOther
            ? [{ name: 'other', color: 'var(--mantine-color-dimmed)', strokeDasharray: '4 3' }]
            : []),
        ]}
        curveType="linear"
        withDots={false}
        tickLine="none"
        accessibilityLayer={false}
        xAxisLabel={xTitle}
        xAxisProps={{
          type: 'number',
          domain: [0, 1],
          ticks: [0, 0.25, 0.5, 0.75, 1],
          tickFormatter: xText,
        }}
        yAxisProps={{ width: VALUE_WIDTH_PX + 16, tickFormatter: yText }}
        lineChartProps={{ margin: { ...LINE_MARGIN, bottom: TITLE_ROOM_PX } }}
        referenceLines={[{ x: at, color: 'var(--mantine-color-text)' }]}
        tooltipProps={withoutAnimation}
      />
    </Picture>
  );
}

/** Parts of a whole as a ring; the words stand beside it. */
export function Donut({ label, height, parts, middle, onOpen }: DonutProps) {
  return (
    <Picture label={label} canOpen={onOpen !== undefined}>
      <div className={classes['donut']}>
        <DonutChart
          classNames={{ root: classes['root'] ?? '' }}
          h={height}
          w={height}
          size={height - 8}
          thickness={(height - 8) / 5}
          data={parts.map((part) => ({ ...part }))}
          accessibilityLayer={false}
          strokeWidth={2}
          tooltipProps={withoutAnimation}
          {...(onOpen === undefined
            ? {}
            : {
                pieProps: {
                  onClick: (_part: unknown, place: number) => {
                    onOpen(place);
                  },
                },
              })}
        />
        <span className={classes['middle']}>{middle}</span>
      </div>
    </Picture>
  );
}
