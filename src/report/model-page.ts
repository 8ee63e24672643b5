/** The model report as one page. */
import { count } from './format.ts';
import { html } from './html.ts';
import type { ModelReport } from './model-report.ts';
import { renderPage } from './page.ts';
import { backtestSection } from './sections/backtest.ts';
import { cleaningSections } from './sections/cleaning.ts';
import { choiceSections } from './sections/choice.ts';
import { calibrationSection, rankingSection } from './sections/curves.ts';
import { dataSection, splitSection } from './sections/data.ts';
import { driverSection } from './sections/drivers.ts';
import { foldSection } from './sections/folds.ts';
import { gateSections } from './sections/gates.ts';
import { metricsSection, type MetricTitles } from './sections/metrics.ts';
import { auditSection, cardSection, settingsSection } from './sections/provenance.ts';
import { segmentSection } from './sections/segments.ts';

/** Data problems first, then what was learnt from, how good it is, why, and what it is for. */
export function renderModelReport(report: ModelReport, titles: MetricTitles): string {
  const { pack, set, horizons, evaluatedAt } = report;
  return renderPage({
    title: `Model report: ${pack.name}, set ${String(set.id)}`,
    lead: html`${pack.description} Models for ${horizons.map(({ days }) => String(days)).join(', ')} days,
    trained on ${count(Math.max(0, ...horizons.map(({ trainRows }) => trainRows)))} rows, evaluated
    ${evaluatedAt.slice(0, 10)}.`,
    sections: [
      dataSection(report),
      ...cleaningSections(report),
      splitSection(report),
      ...gateSections(report, titles),
      metricsSection(report, titles),
      rankingSection(report),
      calibrationSection(report),
      ...choiceSections(report),
      segmentSection(report),
      foldSection(report, titles),
      backtestSection(report),
      driverSection(report),
      auditSection(report),
      settingsSection(report),
      cardSection(report),
    ],
  });
}
