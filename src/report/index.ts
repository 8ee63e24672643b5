export {
  type Axis,
  barChart,
  dotChart,
  intervalChart,
  type IntervalRow,
  lineChart,
  type Point,
  type Series,
} from './charts.ts';
export { type Html, html } from './html.ts';
export { figure, gallery, type Page, renderPage, type Section } from './page.ts';
export { type Cell, type Column, renderTable } from './table.ts';
export { renderModelReport } from './model-page.ts';
export { reportPlots } from './plots.ts';
export { renderProfilePage } from './profile-page.ts';
export type { ModelReport, ReportedDrivers, ReportedProblem, ReportedSplitCount } from './model-report.ts';
export type { ReportedBacktest } from './folds-report.ts';
