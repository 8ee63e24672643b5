/** The pages of a pack without dates, and of entities whose ids are hard to write. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Customer, DataHealth, Performance, WhatIf, WhatIfStart } from '../../src/desk/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { explainEntity } from '../../src/workflow/index.ts';
import { openMagazine, readers } from '../main-job/magazine.ts';
import { whatIf } from '../../src/workflow/desk/what-if.ts';
import { useChallenger } from '../support/set-in-use.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { rowOf, withPages } from './pages.ts';

const DAY = '2025-03-14';
/** Hard to write in an address, in SQL or in a file. */
export const STRANGE_IDS = [
  'a/b',
  "O'Neil",
  'say "x"',
  '50%2F',
  'Zoë 😀',
  '../..',
  '; DROP TABLE x; --',
  '#?&=',
];

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await openMagazine({
    clock: fixedClock(`${DAY}T09:30:00Z`),
    settings: { 'learner.rounds': 20 },
  });
  let next = 0;
  const rows = readers(400).map((row) =>
    row['ended'] === 'no' && next < STRANGE_IDS.length
      ? { ...row, reader_id: STRANGE_IDS[next++] ?? '' }
      : row,
  );
  await workspace.land('readers.csv', rows);
  await workspace.run({ to: 'promote' });
  await useChallenger(workspace).catch(() => undefined);
  await workspace.run({ from: 'score' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

describe('a pack without dates', () => {
  test('has a page of everybody, however the id is written, without a past', async () => {
    await withPages(workspace, async ({ pages, ids, context }) => {
      for (const id of [...STRANGE_IDS, ids[0] ?? '']) {
        const page = Customer.parse(await pages.customer(rowOf(id)));
        expect([page.as_of, page.timeline, page.timeline_left_out], id).toEqual([DAY, [], 0]);
        expect(page.history, id).toHaveLength(1);
        expect(page.contributions_missing, id).toBeNull();
        const { explained } = await explainEntity(context, id);
        const own = page.contributions?.find(({ days }) => days === explained.days);
        const sum = own?.features.reduce((total, { contribution }) => total + contribution, own.base);
        expect(sum, id).toBeCloseTo(explained.sum, 9);
        expect((await pages.whatIfFrom(id)).id).toBe(id);
      }
    });
  });

  test('has no actual rates: who has left by the delivery was not scored', async () => {
    const page = await withPages(workspace, async ({ pages }) =>
      Performance.parse(await pages.performance()),
    );
    expect(page.trend).toHaveLength(1);
    expect(page.trend[0]?.horizons.map(({ actual_rate: rate, known }) => [rate, known])).toEqual([[null, 0]]);
    expect(page.horizons).toHaveLength(1);
    expect(page.horizons[0]?.rows).toBeGreaterThan(0);
    const [written] = await workspace.rows('SELECT avg(remaining_value) AS mean FROM gold.churn_scores');
    expect(page.economics.mean_value).toBeCloseTo(Number(written?.['mean']), 9);
  });

  test('has a page of its data, and answers a what-if', async () => {
    await withPages(workspace, async ({ pages, service, context: { pack }, ids }) => {
      const health = DataHealth.parse(await pages.data());
      expect(health.as_of).toBe(DAY);
      expect(health.sources).toHaveLength(1);
      expect(health.snapshot_rows).toBe(400);
      const { features } = WhatIfStart.parse(await pages.whatIfAnywhere(() => Promise.resolve(ids[1] ?? '')));
      expect(WhatIf.parse(whatIf({ service, pack }, features)).contributions).toHaveLength(1);
    });
  });
});
