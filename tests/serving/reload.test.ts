/** What a service answers with changes only by what has been proven; what is refused is said, and the old answers on. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/index.ts';
import type { LoadedSet, StoredModel } from '../../src/model/index.ts';
import { championSet } from '../../src/registry/index.ts';
import {
  exportModels,
  openScoringService,
  type ScoringParts,
  scoringPartsOf,
  type ScoringService,
} from '../../src/workflow/index.ts';
import { modelReader } from '../../src/workflow/serving/read-models.ts';
import { exportReader, setReader } from '../../src/workflow/serving/workspace-parts.ts';
import { changedMagazine, openMagazine, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { expectAsBatch } from './as-batch.ts';

let pack: Awaited<ReturnType<typeof changedMagazine>>;
let workspace: TestWorkspace;
beforeAll(async () => {
  pack = await changedMagazine();
  workspace = await openMagazine({ pack: pack.folder, clock: fixedClock('2025-03-14T09:00:00Z') });
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await pack[Symbol.asyncDispose]();
});

/** Opens the service over a set that the test may exchange. */
function withSets<T>(
  use: (
    service: ScoringService,
    exchange: (change: (set: LoadedSet) => LoadedSet | undefined) => void,
  ) => Promise<T>,
  more: Partial<ScoringParts> = {},
): Promise<T> {
  return workspace.withContext(async (context) => {
    const champion = await championSet(context.registry);
    if (champion === undefined) throw new Error('there is no champion');
    let current: LoadedSet | undefined = champion;
    const parts = { ...scoringPartsOf(context), loadSet: () => Promise.resolve(current), ...more };
    await using service = await openScoringService(parts);
    return await use(service, (change) => {
      current = change(champion);
    });
  });
}

const REQUEST = { entityId: 'R0001', features: { title: 'Chess', months_subscribed: 3, copies_returned: 1 } };
const FEATURES = { ...REQUEST.features, complaints: 2, monthly_price: 4.5, gift_from: null };
const request = { ...REQUEST, features: FEATURES };

/** Another number and hash, and models changed by the test. */
const changed = (set: LoadedSet, model: (model: StoredModel) => StoredModel): LoadedSet => ({
  set: { ...set.set, id: 7, hash: 'another' },
  models: set.models.map(model),
});

describe('a reload', () => {
  test('loads another set, whose number is in the next answer', async () => {
    await withSets(async (service, exchange) => {
      const before = service.score(request);
      expect(await service.reload()).toMatchObject({ outcome: 'unchanged', set: { id: 1 } });
      exchange((set) => changed(set, (model) => model));
      expect(await service.reload()).toMatchObject({ outcome: 'loaded', set: { id: 7, hash: 'another' } });
      expect(service.score(request)).toEqual({ ...before, modelSet: 7, modelSetHash: 'another' });
    });
  });

  test.each<[string, string, (set: LoadedSet) => LoadedSet | undefined]>([
    ['no set is in use any more', 'HF108', () => undefined],
    ['a model has another text', 'HF503', (set) => changed(set, (model) => ({ ...model, modelText: 'x' }))],
    [
      'a model text is cut short',
      'HF503',
      (set) => changed(set, (model) => ({ ...model, modelText: model.modelText.slice(0, -400) })),
    ],
    [
      'a model answers its samples otherwise',
      'HF503',
      (set) =>
        changed(set, (model) => ({
          ...model,
          samples: model.samples.map((sample) => ({ ...sample, raw: sample.raw + 1e-9 })),
        })),
    ],
    [
      'a calibrator is another one',
      'HF503',
      (set) =>
        changed(set, (model) => ({
          ...model,
          calibrator: { method: 'platt', slope: 0.3, intercept: -1 },
        })),
    ],
    [
      'a model has fewer features',
      'HF504',
      (set) =>
        changed(set, (model) => ({
          ...model,
          encoding: { ...model.encoding, features: model.encoding.features.slice(1) },
        })),
    ],
    [
      'the learner is not known',
      'HF501',
      (set) => changed(set, (model) => ({ ...model, learner: { name: 'oracle', version: '1' } })),
    ],
    [
      'the set is of another contract',
      'HF504',
      (set) => ({ ...changed(set, (model) => model), set: { ...set.set, id: 7, contractHash: 'other' } }),
    ],
  ])('is refused where %s, and the old set answers on', async (_, code, change) => {
    await withSets(async (service, exchange) => {
      const before = service.score(request);
      exchange(change);
      const outcome = await service.reload();
      expect(outcome).toMatchObject({ outcome: 'refused', set: { id: 1 } });
      expect(outcome.reason).toContain(`[${code}]`);
      expect(service.notReadyReason).toBeNull();
      expect(service.score(request)).toEqual(before);
      exchange((set) => set);
      expect(await service.reload()).toMatchObject({ outcome: 'unchanged' });
    });
  });

  test('that fails by a fault of ours is thrown, and the next one goes on', async () => {
    let fails = true;
    await workspace.withContext(async (context) => {
      const parts = scoringPartsOf(context);
      const loadSet = (): Promise<LoadedSet | undefined> =>
        fails ? Promise.reject(new TypeError('a slip')) : parts.loadSet();
      await expect(openScoringService({ ...parts, loadSet })).rejects.toThrow('a slip');
      fails = false;
      await using service = await openScoringService({ ...parts, loadSet });
      fails = true;
      const [first, second] = [service.reload(), service.reload()];
      await expect(first).rejects.toThrow('a slip');
      await expect(second).rejects.toThrow('a slip');
      fails = false;
      expect(await service.reload()).toMatchObject({ outcome: 'unchanged' });
    });
  });
});

describe('a set in memory', () => {
  test('is not read again while it is the one that is wanted', async () => {
    await workspace.withContext(async ({ registry }) => {
      let wanted: number | null = 1;
      const read = setReader(registry, modelReader(), () => Promise.resolve(wanted));
      const first = await read();
      expect(first?.set.id).toBe(1);
      expect(await read(first)).toBe(first);
      const other: LoadedSet = { models: [], set: { ...(first as LoadedSet).set, hash: 'another' } };
      expect(await read(other)).toEqual(first);
      wanted = null;
      expect(await read(first)).toBeUndefined();
    });
  });

  test('is not read again from an export whose manifest names it', async () => {
    const target = await mkdtemp(path.join(tmpdir(), 'holdfast-export-'));
    try {
      await workspace.withContext((context) => exportModels(context, 1, target));
      const read = exportReader(target, modelReader());
      const first = await read();
      expect(first?.set.id).toBe(1);
      expect(await read(first)).toBe(first);
      const other: LoadedSet = { models: [], set: { ...(first as LoadedSet).set, hash: 'another' } };
      expect(await read(other)).toEqual(first);
      await rm(path.join(target, 'manifest.json'));
      await expect(read(first)).rejects.toMatchObject({ code: 'HF503' });
    } finally {
      await rm(target, { recursive: true, force: true });
    }
  });
});

describe('a service', () => {
  test('without a set says why, answers nothing (HF602), and begins with the first one', async () => {
    let current: LoadedSet | undefined;
    await workspace.withContext(async (context) => {
      const parts = scoringPartsOf(context);
      await using service = await openScoringService({ ...parts, loadSet: () => Promise.resolve(current) });
      expect(service.set).toBeNull();
      expect(service.notReadyReason).toContain('no model set is in use');
      expect(service.features.map(({ name }) => name)).toEqual(Object.keys(context.pack.features));
      expect(() => service.score(request)).toThrow(
        expect.objectContaining({ code: 'HF602', httpStatus: 503 }),
      );
      current = await championSet(context.registry);
      expect(await service.reload()).toMatchObject({ outcome: 'loaded', set: { id: 1 } });
      expect(service.notReadyReason).toBeNull();
      expect(service.score(request).entityId).toBe('R0001');
    });
  });

  test('answers as the batch, and says its set, its models and its tiers', async () => {
    await workspace.withContext(async (context) => {
      await using service = await openScoringService(scoringPartsOf(context));
      await expectAsBatch(service, context);
      const { basis, otherwise } = context.pack.file.tiers;
      expect(service.set).toMatchObject({
        id: 1,
        loadedAt: '2025-03-14T09:00:00.000Z',
        models: [{ name: 'churn_model_90d', version: 1, days: 90 }],
        tiers: { basis, otherwise },
      });
      expect(service.set?.models[0]?.trees).toBeGreaterThan(0);
    });
  });

  test('without a lake answers what is sent, and says of keys that they cannot be looked up (HF602)', async () => {
    await workspace.withContext(async (context) => {
      const { lake: _lake, ...parts } = scoringPartsOf(context);
      await using service = await openScoringService(parts);
      expect(service.snapshot).toBeUndefined();
      expect(service.score(request).horizons).toHaveLength(1);
      expect(() => service.score({ entityId: 'R0001' })).toThrow(expect.objectContaining({ code: 'HF602' }));
    });
  });

  test('may answer what is sent before keys can be looked up: until then those are told so (HF602)', async () => {
    await workspace.withContext(async (context) => {
      await using service = await openScoringService({ ...scoringPartsOf(context), isLookupLater: true });
      expect([service.notReadyReason, service.lookup]).toEqual([null, 'loading']);
      const whole = service.features;
      const given = service.score(request);
      expect(() => service.score({ entityId: 'R0001' })).toThrow(
        expect.objectContaining({
          code: 'HF602',
          message: expect.stringContaining('still being read') as string,
        }),
      );
      // The reload that is under way already comes first.
      expect(await service.reload()).toMatchObject({ outcome: 'unchanged' });
      expect(service.lookup).toBe('loaded');
      expect(service.features).toEqual(whole);
      expect(service.score(request)).toEqual(given);
      await expectAsBatch(service, context);
    });
  });

  test('takes thresholds by the name of the tier, and refuses what is none (HF103)', async () => {
    const open = (thresholds: Record<string, number>): Promise<string> =>
      withSets((service) => Promise.resolve(service.score(request).tier), { thresholds });
    const [tier, rest] = await workspace.withContext(({ pack: { file } }) =>
      Promise.resolve([file.tiers.ladder[0]?.name ?? '', file.tiers.otherwise]),
    );
    const others = await workspace.withContext(({ pack: { file } }) =>
      Promise.resolve(Object.fromEntries(file.tiers.ladder.map(({ name }) => [name, 1]))),
    );
    expect(await open({ ...others, [tier]: 0 })).toBe(tier);
    const { [tier]: _first, ...lower } = others;
    expect(await open({ ...lower, [tier.toUpperCase()]: 1 })).toBe(rest);
    for (const wrong of [{ NOBODY: 0.5 }, { [tier]: 1.5 }, { [tier]: Number.NaN }])
      await expect(open(wrong)).rejects.toMatchObject({ code: 'HF103' });
  });

  test('that is closed answers nothing', async () => {
    await workspace.withContext(async (context) => {
      const service = await openScoringService(scoringPartsOf(context));
      await service[Symbol.asyncDispose]();
      expect(() => service.score(request)).toThrow(expect.objectContaining({ code: 'HF602' }));
    });
  });
});
