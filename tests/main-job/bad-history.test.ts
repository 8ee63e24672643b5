/** Dated deliveries that cannot be used: too little history, and one bad file among good ones. */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cease, landBroadband, snapshot, usage } from '../support/broadband.ts';
import { copyPack, type InlineRow, openWorkspace } from '../support/workspace.ts';
import { failureOf, tableVersions } from './lake-state.ts';

const CUSTOMERS = Array.from({ length: 60 }, (_, index) => `C${String(index).padStart(2, '0')}`);
const monthly = (...dates: readonly string[]): InlineRow[] =>
  dates.flatMap((date) => CUSTOMERS.map((customer) => snapshot(customer, date)));
const LEAVERS = CUSTOMERS.slice(0, 20).map((customer) => cease(customer, '2024-04-10', '2024-04-20'));
const OBSERVED = { settings: { 'time.observed_to': '2024-12-31' } };

test('one month of history stops training, naming the split that has no rows', async () => {
  await using workspace = await openWorkspace(OBSERVED);
  await landBroadband(workspace, { snapshots: monthly('2024-04-01'), ceases: LEAVERS });
  const failure = await failureOf(workspace.run());
  expect(failure).toMatchObject({ code: 'HF207', exitCode: 2, place: { field: 'split_30d' } });
  expect(failure.message).toBe('horizon 30 days: the train rows are 0, of which 0 are positive');
  expect(failure.hint).toBe('deliver more data, or change the split of the pack');
});

test('fewer than two months cannot be split into newest and older months', async () => {
  await using pack = await copyPack();
  await pack.replace(
    'pack.yaml',
    'split:\n    method: fixed\n    validation_from: 2024-04-01\n    test_from: 2024-07-01',
    'split: { method: rolling, validation: 1, test: 1 }',
  );
  await using workspace = await openWorkspace({ ...OBSERVED, pack: pack.folder });
  await landBroadband(workspace, { snapshots: monthly('2024-04-01'), ceases: LEAVERS });
  const failure = await failureOf(workspace.run());
  expect(failure).toMatchObject({ code: 'HF207', exitCode: 2 });
  expect(failure.message).toBe('1 labelled months are too few for 1 of validation and 1 of test');
  expect(failure.hint).toContain('Give more months of data');
  // Labels could be made, splits could not: no training set, half-made or whole.
  const versions = await tableVersions(workspace);
  expect(versions['gold.churn_labels']).toBe(0);
  expect(versions).not.toHaveProperty('gold.churn_training_set');
});

test('one bad file among good ones keeps all of them out', async () => {
  await using workspace = await openWorkspace(OBSERVED);
  await landBroadband(workspace, { snapshots: monthly('2024-01-01'), ceases: LEAVERS });
  await workspace.run({ to: 'build' });
  const before = await tableVersions(workspace);

  await workspace.land('customer_info_2.csv', monthly('2024-02-01'));
  await workspace.land('usage_2.csv', [usage('C01', '2024-02-01', 5)]);
  const name = 'cease_2.csv';
  await workspace.land(name, 'unique_customer_identifier,cease_placed_date\nC01,2024-02-02\n');
  const failure = await failureOf(workspace.run());
  expect(failure).toMatchObject({
    code: 'HF203',
    exitCode: 2,
    place: { file: name, field: 'cease_completed_date' },
  });
  expect(failure.message).toMatch(
    /^column cease_completed_date, reason_description, reason_description_insight is missing/,
  );
  expect(await tableVersions(workspace)).toEqual(before);

  // The mended file is all that was missing.
  await workspace.land(name, [cease('C01', '2024-02-02')]);
  const { steps } = await workspace.run({ to: 'build' });
  expect(steps[0]).toMatchObject({ summary: 'took 3 new files with 62 rows; 4 were known' });
  expect(await workspace.rows('SELECT count(*) AS n FROM bronze.raw_cease')).toEqual([{ n: 22 }]);
  expect(await readFile(path.join(workspace.landing, name), 'utf8')).toContain('C01');
});
