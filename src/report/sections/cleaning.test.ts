import { expect, it } from 'vitest';
import { textOfHtml } from '../html.ts';
import type { ModelReport } from '../model-report.ts';
import { cleaningSections } from './cleaning.ts';
import { gateSections } from './gates.ts';

const line = {
  feature: 'price',
  columnType: 'DOUBLE',
  rows: 200,
  missing: 10,
  impossible: 1,
  unseen: 0,
  outliers: 4,
  replaced: 11,
  capped: 4,
  done: 'missing: median 29.5',
};
const report = (parts: Partial<ModelReport>): ModelReport => parts as ModelReport;

it('the section of cleaning says what was fitted and what it did, and is not there without cleaning', () => {
  expect(cleaningSections(report({}))).toEqual([]);
  const [section] = cleaningSections(report({ cleaning: { trained: [line], scored: [] } }));
  const text = section === undefined ? '' : textOfHtml(section.body);
  expect(text).toContain('The training rows: 200.');
  expect(text).toContain('missing: median 29.5');
  expect(text).toContain('5.00 %');
  expect(text).not.toContain('The rows scored last');
});

it('the section of gates tells reached, missed and not yet known apart, and is not there without gates', () => {
  const horizon = (days: number, test: unknown): ModelReport['horizons'][number] =>
    ({ days, test }) as ModelReport['horizons'][number];
  expect(gateSections(report({ horizons: [] }), {})).toEqual([]);
  const gates = [{ metric: 'auc_roc', atLeast: 0.75 }];
  const horizons = [
    horizon(30, { rows: 9, metrics: { auc_roc: { value: 0.75 } } }),
    horizon(60, { rows: 9, metrics: { auc_roc: { value: 0.7499 } } }),
    horizon(90, { reason: 'no labelled rows' }),
  ];
  const [section] = gateSections(report({ gates, horizons }), { auc_roc: 'AUC-ROC' });
  const text = section === undefined ? '' : textOfHtml(section.body);
  expect(text).toMatch(/30 days[\s\S]*reached[\s\S]*60 days[\s\S]*missed[\s\S]*90 days[\s\S]*not yet known/);
});

it('the section of gates says on which side a limit is', () => {
  const horizons = [
    {
      days: 30,
      test: { rows: 9, metrics: { calibration_error: { value: 0.06 }, calibration_slope: { value: 0.9 } } },
    },
  ] as unknown as ModelReport['horizons'];
  const gates = [
    { metric: 'calibration_error', atMost: 0.05 },
    { metric: 'calibration_slope', atLeast: 0.8, atMost: 1.25 },
  ];
  const [section] = gateSections(report({ gates, horizons }), {});
  const text = section === undefined ? '' : textOfHtml(section.body);
  expect(text).toMatch(/at most 0.05[\s\S]*missed[\s\S]*at least 0.8, at most 1.25[\s\S]*reached/);
});
