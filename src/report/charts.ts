/** The kinds of charts that reports are made of. Series are named at their ends, so that no legend is needed. */
import * as Plot from '@observablehq/plot';
import { type ChartOptions, renderChart } from './chart.ts';
import type { Html } from './html.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of an interval of y; only dots show them. */
  readonly lower?: number;
  readonly upper?: number;
}

export interface Series {
  readonly name: string;
  /** A CSS colour. */
  readonly color: string;
  /** Width of the line in pixels, default 1.5. */
  readonly width?: number;
  /** Draws the line in dashes, for what is a reference and not a measurement. */
  readonly dashed?: boolean;
  readonly points: readonly Point[];
}

/** How an axis is drawn. Formats are those of d3-format, such as `.0%` or `~s`. */
export interface Axis {
  readonly label: string;
  readonly format?: string;
  readonly scale?: 'linear' | 'log' | 'sqrt';
  readonly domain?: readonly [number, number];
}

interface Frame {
  /** One sentence for those who do not see the chart. */
  readonly summary: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Pixels, default 420 by 260. */
  readonly width?: number;
  readonly height?: number;
  /** Where the names of the series stand; default at the top left. */
  readonly names?: 'top-left' | 'bottom-right';
}

/** Lines over a common axis. */
export function lineChart(frame: Frame, series: readonly Series[]): Html {
  return renderChart(
    {
      ...frameOptions(frame),
      marks: [
        ...series.map(({ points, color, width = 1.5, dashed = false }) =>
          Plot.line(points, {
            x: 'x',
            y: 'y',
            stroke: color,
            strokeWidth: width,
            ...(dashed ? { strokeDasharray: '4 3' } : {}),
          }),
        ),
        legend(series, frame.names),
      ],
    },
    frame.summary,
  );
}

/** Dots, each series in its colour, with a dashed line where `diagonal` says that both axes should agree. */
export function dotChart(
  frame: Frame & { readonly diagonal?: boolean },
  series: readonly (Series & { readonly radius?: number })[],
): Html {
  const { x } = frame;
  const [from, to] = x.domain ?? [0, 1];
  const ends = [
    { x: from, y: from },
    { x: to, y: to },
  ];
  return renderChart(
    {
      ...frameOptions(frame),
      marks: [
        ...(frame.diagonal === true
          ? [Plot.line(ends, { x: 'x', y: 'y', stroke: '#9aa4b2', strokeDasharray: '4 3' })]
          : []),
        ...series.map(({ points, color }) =>
          Plot.ruleX(
            points.filter(({ lower }) => lower !== undefined),
            { x: 'x', y1: 'lower', y2: 'upper', stroke: color, strokeOpacity: 0.5 },
          ),
        ),
        ...series.map(({ points, color, radius = 3 }) =>
          Plot.dot(points, { x: 'x', y: 'y', fill: color, fillOpacity: 0.7, r: radius }),
        ),
        legend(series, frame.names),
      ],
    },
    frame.summary,
  );
}

/** A named row of an interval chart: a value a series, each with the range around it where there is one. */
export interface IntervalRow {
  readonly name: string;
  readonly values: readonly {
    readonly value: number;
    readonly lower?: number;
    readonly upper?: number;
    readonly color: string;
  }[];
}

/** Values of named rows on one scale, the first row on top, values of a row joined by a thin line. */
export function intervalChart(
  frame: Pick<Frame, 'summary' | 'x' | 'width'> & { readonly marginLeft?: number },
  rows: readonly IntervalRow[],
): Html {
  const flat = rows.flatMap(({ name, values }) => values.map((entry) => ({ name, ...entry })));
  const spans = rows.map(({ name, values }) => ({
    name,
    least: Math.min(...values.map(({ value }) => value)),
    most: Math.max(...values.map(({ value }) => value)),
  }));
  return renderChart(
    {
      ...frameOptions({ ...frame, y: { label: '' } }),
      height: 58 + 18 * rows.length,
      marginLeft: frame.marginLeft ?? 150,
      // Room for the label below the ticks instead of on them.
      marginBottom: 38,
      x: { ...axisOptions(frame.x), labelOffset: 34 },
      y: { label: null, domain: rows.map(({ name }) => name), type: 'point' },
      marks: [
        Plot.ruleY(spans, { y: 'name', x1: 'least', x2: 'most', stroke: '#d5dae0' }),
        Plot.ruleY(
          flat.filter(({ lower }) => lower !== undefined),
          { y: 'name', x1: 'lower', x2: 'upper', stroke: 'color', strokeWidth: 2 },
        ),
        Plot.dot(flat, { y: 'name', x: 'value', fill: 'color', r: 3.5 }),
      ],
    },
    frame.summary,
  );
}

/** A dot for each of many values of named rows, coloured by the quantile (0 to 1) that it has; null is grey. */
export function swarmChart(
  frame: Pick<Frame, 'summary' | 'x' | 'width'> & { readonly marginLeft?: number },
  rows: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly quantile: number | null }[];
  }[],
): Html {
  const dots = rows.flatMap(({ name, points }, row) =>
    points.map(({ x, quantile }, index) => ({
      x,
      // Spread by the golden ratio: evenly, and the same every time.
      y: row + (((index * 0.618034) % 1) - 0.5) * 0.7,
      name,
      color: quantile === null ? '#9aa4b2' : colorOfQuantile(quantile),
    })),
  );
  return renderChart(
    {
      ...frameOptions({ ...frame, y: { label: '' } }),
      height: 50 + 24 * rows.length,
      marginLeft: frame.marginLeft ?? 150,
      y: {
        label: null,
        domain: [rows.length - 0.5, -0.5],
        ticks: rows.map((_, index) => index),
        tickFormat: (index: number) => rows[index]?.name ?? '',
      },
      marks: [
        Plot.ruleX([0], { stroke: '#9aa4b2' }),
        Plot.dot(dots, { x: 'x', y: 'y', fill: 'color', fillOpacity: 0.6, r: 1.5 }),
      ],
    },
    frame.summary,
  );
}

/** Blue for the lowest, red for the highest, in eight steps: a swarm shows no more. */
function colorOfQuantile(quantile: number): string {
  const step = Math.min(7, Math.floor(quantile * 8)) / 7;
  const mix = (low: number, high: number): number => Math.round(low + (high - low) * step);
  return `rgb(${String(mix(0, 200))},${String(mix(114, 40))},${String(mix(178, 20))})`;
}

/** Bars that stand on zero, one a name, with a rate or count each. */
export function barChart(
  frame: Pick<Frame, 'summary' | 'width' | 'height'> & { readonly y: Axis; readonly label: string },
  bars: readonly { readonly name: string; readonly value: number; readonly color: string }[],
): Html {
  return renderChart(
    {
      ...frameOptions({ ...frame, x: { label: frame.label } }),
      marginBottom: 42,
      x: { label: frame.label, labelOffset: 38, domain: bars.map(({ name }) => name), type: 'band' },
      marks: [Plot.barY(bars, { x: 'name', y: 'value', fill: 'color' }), Plot.ruleY([0])],
    },
    frame.summary,
  );
}

function frameOptions({ x, y, width, height }: Omit<Frame, 'summary'>): ChartOptions {
  return {
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    marginLeft: 48,
    marginRight: 16,
    x: axisOptions(x),
    y: { ...axisOptions(y), grid: true },
  };
}

function axisOptions({ label, format, scale, domain }: Axis): NonNullable<ChartOptions['x']> {
  return {
    label,
    ...(format === undefined ? {} : { tickFormat: format }),
    ...(scale === undefined ? {} : { type: scale }),
    ...(domain === undefined ? {} : { domain: [...domain] }),
    ticks: 6,
  };
}

/** The names of the series in their colours, one under the other in a corner. */
function legend(series: readonly Series[], corner: 'top-left' | 'bottom-right' = 'top-left'): Plot.Markish[] {
  const top = corner === 'top-left';
  return series.length < 2
    ? []
    : series.map(({ name, color }, index) =>
        Plot.text([name], {
          frameAnchor: corner,
          dx: top ? 6 : -6,
          dy: top ? 4 + 14 * index : -4 - 14 * (series.length - 1 - index),
          fill: color,
          stroke: 'white',
          strokeWidth: 3,
          fontWeight: 600,
        }),
      );
}
