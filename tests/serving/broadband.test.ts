/** What the service answers of broadband customers is what the batch wrote of them, to the bit, on every basis. */
import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Deliveries, makeDeliveries } from '../main-job/deliveries.ts';
import { textOf } from '../../src/engine/index.ts';
import { openScoringService, scoringPartsOf } from '../../src/workflow/index.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { expectAsBatch, newestBatch, withService } from './as-batch.ts';

let deliveries: Deliveries;
let workspace: TestWorkspace;

beforeAll(async () => {
  deliveries = await makeDeliveries({
    customers: 400,
    from: '2023-09-01',
    cut: '2024-10-01',
    to: '2024-11-01',
  });
  workspace = await openWorkspace({ settings: { 'learner.rounds': 30 } });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await workspace.run();
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

describe('answers about customers equal the batch', () => {
  test.each([
    ['risk_score', {}],
    ['probability', ladder('thresholds', [0.1, 0.2, 0.15])],
    ['profit', {}],
  ])('where tiers go by %s', async (basis, more) => {
    const settings = { ...more, 'tiers.basis': basis };
    await workspace.run({ from: 'score', to: 'score' }, settings);
    const rows = await withService(workspace, expectAsBatch, settings);
    expect(rows.length).toBeGreaterThan(200);
    expect(new Set(rows.map(({ scores }) => scores['risk_tier'])).size).toBeGreaterThan(1);
    if (basis !== 'profit') expect(rows.filter(({ scores }) => scores['reason_1'] !== null)).not.toEqual([]);
  });

  test('where tiers go by capacity, but for equals of the last one admitted', async () => {
    const settings = { 'tiers.basis': 'capacity', ...ladder('capacities', [10, 20, 40]) };
    await workspace.run({ from: 'score', to: 'score' }, settings);
    await withService(
      workspace,
      async (service, context) => {
        const rows = await newestBatch(context);
        const order = ['RED', 'AMBER', 'YELLOW', 'GREEN'];
        const admitted = rows.filter(({ key, scores }) => {
          const place = order.indexOf(service.score({ entityId: key }).tier);
          const inBatch = order.indexOf(textOf(scores['risk_tier']));
          expect(place).toBeLessThanOrEqual(inBatch);
          return place < inBatch;
        });
        expect(admitted.length).toBeLessThan(rows.length / 10);
      },
      settings,
    );
  });
});

test('a customer who is not in the snapshot is not found (HF603), one whose features are sent is answered', async () => {
  await withService(workspace, async (service, context) => {
    const [row] = await newestBatch(context);
    for (const entityId of ['nobody', '', 'toString', ' ']) {
      const code = 'HF603';
      expect(() => service.score({ entityId })).toThrow(expect.objectContaining({ code }));
      const answer = service.score({ entityId, features: row?.features ?? {} });
      expect(answer.horizons).toEqual(service.score({ entityId: row?.key ?? '' }).horizons);
    }
    expect(service).toMatchObject({ raw: undefined });
    expect(service.idField).toBe('customer_id');
  });
});

test('newer features are taken at a reload, as the batch takes them', async () => {
  await workspace.withContext(async (context) => {
    await using service = await openScoringService(scoringPartsOf(context));
    expect(await service.reload()).toMatchObject({ outcome: 'unchanged' });
    expect(service.snapshot?.asOf).toBe('2024-10-01');
    await cp(deliveries.second, workspace.landing, { recursive: true });
    await workspace.run({ from: 'ingest', to: 'build' });
    await workspace.run({ from: 'score', to: 'score' });
    const during = service.reload();
    // Answers do not wait for what is being loaded.
    expect(service.snapshot?.asOf).toBe('2024-10-01');
    expect(await during).toMatchObject({ outcome: 'loaded', set: { id: 1 } });
    expect(service.snapshot?.asOf).toBe('2024-11-01');
    await expectAsBatch(service, context);
  });
});

/** Thresholds, or capacities, of the ladder as settings. */
function ladder(what: 'thresholds' | 'capacities', values: readonly number[]): Record<string, number> {
  return Object.fromEntries(
    ['RED', 'AMBER', 'YELLOW'].map((tier, place) => [`tiers.${what}.${tier}`, values[place] ?? 0]),
  );
}
