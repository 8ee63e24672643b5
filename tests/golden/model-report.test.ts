/** A tiny model report that was looked at once and must stay as it is; change it by hand and look again. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type ModelReport, renderModelReport } from '../../src/report/index.ts';

const folder = path.join(import.meta.dirname, 'model-report');
const read = (file: string): Promise<string> => readFile(path.join(folder, file), 'utf8');

test('a model report is drawn as the one that was looked at, to the byte', async () => {
  const report = JSON.parse(await read('report.json')) as ModelReport;
  const page = renderModelReport(report, { auc_pr: 'AUC-PR', auc_roc: 'AUC-ROC' });
  expect(page).toBe(await read('page.html'));
});
