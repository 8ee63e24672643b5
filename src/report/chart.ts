/** Charts as SVG text, drawn by Observable Plot on a document without a browser. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, trustedHtml } from './html.ts';

/** What Plot draws: marks, scales, size. */
export type ChartOptions = Omit<Plot.PlotOptions, 'document' | 'className' | 'caption' | 'title'>;

/** The part of the browser's element that is used: this project is compiled without the browser's types. */
interface Drawing {
  setAttribute(name: string, value: string): void;
  readonly outerHTML: string;
}

const draw = Plot.plot as unknown as (
  options: ChartOptions & { readonly document: object; readonly className: string },
) => Drawing;

const STYLE = { background: 'none', fontFamily: 'inherit', fontSize: '11px' } as const;

/**
 * Draws a chart. `summary` is one sentence for those who do not see it. Legends are not drawn: name the series
 * by text marks or in the caption, which also survives a black-and-white printer.
 */
export function renderChart(options: ChartOptions, summary: string): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as {
    readonly document: object;
  };
  const chart = draw({
    width: 420,
    height: 260,
    style: STYLE,
    ...options,
    document,
    className: 'plot',
  });
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', summary);
  // The page styles `.plot` once instead of in every chart; coordinates need no more digits than the eye has.
  const markup = chart.outerHTML
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/-?\d+\.\d{3,}/g, (digits) => String(Number(Number(digits).toFixed(2))));
  return trustedHtml(markup);
}
