/** Charts of a model report as files of their own. */
import { type Html, textOfHtml } from './html.ts';
import type { ReportedHorizon } from './model-report.ts';
import { calibrationChart, gainsChart } from './sections/curves.ts';

/** Calibration and gains of each horizon as SVG documents, by a path such as `plots/gains_30d.svg`. */
export function reportPlots(
  horizons: readonly ReportedHorizon[],
): { readonly path: string; readonly content: string }[] {
  return horizons.flatMap((horizon) => [
    {
      path: `plots/calibration_${String(horizon.days)}d.svg`,
      content: standalone(calibrationChart(horizon)),
    },
    { path: `plots/gains_${String(horizon.days)}d.svg`, content: standalone(gainsChart(horizon)) },
  ]);
}

/** The page styles its charts; a file must say itself what it is and how its text looks. */
function standalone(chart: Html): string {
  const markup = textOfHtml(chart);
  const named = /^<svg[^>]*\sxmlns=/.test(markup)
    ? markup
    : markup.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  return named.replace(/>/, '><style>text { font: 11px sans-serif; }</style>');
}
