import { figure, type Section } from '../page.ts';
import { barChart } from '../charts.ts';
import { COLORS } from '../colors.ts';
import { count, percent } from '../format.ts';
import { html } from '../html.ts';
import type { ModelReport, ReportedSplitCount } from '../model-report.ts';
import { renderTable } from '../table.ts';

/** What was found about the data: before anything else, because no figure below is better than these. */
export function dataSection({ problems, observedTo }: ModelReport): Section {
  const found = problems.filter(({ failedRows }) => failedRows > 0);
  return {
    id: 'data',
    title: 'Problems in the data',
    body: html`<p>
        Outcomes are known to <strong>${observedTo}</strong>. ${count(problems.length)} rules were checked,
        ${found.length === 0 ? 'and none found anything.' : `${count(found.length)} found something:`}
      </p>
      ${
        found.length === 0
          ? undefined
          : renderTable({
              columns: [
                { heading: 'table' },
                { heading: 'rule' },
                { heading: 'rows', numeric: true },
                { heading: 'of', numeric: true },
                { heading: 'share', numeric: true },
                { heading: 'what was done' },
              ],
              rows: found.map(({ table, expectation, failedRows, totalRows, action, status }) => [
                table,
                expectation,
                count(failedRows),
                count(totalRows),
                percent(failedRows / totalRows),
                status === 'PASS' ? 'tolerated' : (DONE[action] ?? action),
              ]),
            })
      }`,
  };
}

const DONE: Readonly<Record<string, string>> = {
  warn: 'kept, and said',
  drop: 'left out, and quarantined',
  fail: 'the step stopped',
};

/** Which rows were trained on, calibrated on and tested on, and which were left out and why. */
export function splitSection({ splits, horizons, entity, isDated }: ModelReport): Section {
  return {
    id: 'splits',
    title: 'Rows and splits',
    body: html`<p>
        ${
          isDated
            ? `One row is one ${entity} on one observation date. Rows are split by time, and a row whose outcome window reaches into the next split is left out. Validation is halved by ${entity}: one half stops the training, the other calibrates.`
            : `One row is one ${entity}. Rows are split by a hash, so that identical rows are on one side; validation is halved in the same way: one half stops the training, the other calibrates.`
        }
      </p>
      ${horizons.map(({ days }) => {
        const rows = splits.filter(({ horizon }) => horizon === days);
        return html`<h3>${days} days</h3>
          ${figure({
            chart: barChart(
              {
                summary: `Rows of the ${String(days)}-day horizon by split and by why they were left out.`,
                label: 'split, or why left out',
                y: { label: 'rows', format: '~s' },
                width: 620,
                height: 200,
              },
              rows.map((row) => ({
                name: nameOf(row),
                value: row.rows,
                color: row.split === null ? COLORS.reference : COLORS.model,
              })),
            ),
            caption: 'Blue rows are used, grey rows are left out.',
          })}
          ${renderTable({
            columns: [
              { heading: 'split, or why left out' },
              { heading: 'rows', numeric: true },
              { heading: 'positives', numeric: true },
              { heading: 'base rate', numeric: true },
              { heading: 'from' },
              { heading: 'to' },
            ],
            rows: rows.map((row) => [
              nameOf(row),
              count(row.rows),
              row.split === null ? null : count(row.positives),
              row.split === null ? null : percent(row.positives / row.rows),
              row.from,
              row.to,
            ]),
          })}`;
      })}`,
  };
}

const nameOf = ({ split, leftOut }: ReportedSplitCount): string =>
  split ?? (leftOut ?? 'left out').replaceAll('_', ' ');
