/** The challenger that a workspace's registry names: what is loaded of it, when, and what becomes of it. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HoldfastError, silentProgress } from '../../src/kernel/index.ts';
import {
  type Context,
  openRecorder,
  openWorkspaceService,
  queryLake,
  type ScoringService,
} from '../../src/workflow/index.ts';
import { openMagazine, READER_FEATURES, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

describe('the challenger of a workspace', () => {
  let workspace: TestWorkspace;
  beforeAll(async () => {
    workspace = await openMagazine();
    await workspace.land('readers.csv', readers(600));
    await workspace.run();
    await workspace.run({ from: 'train', to: 'train' }, { 'learner.rounds': 5 });
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const open = async (settings: Record<string, string | number>): Promise<ScoringService> => {
    const service = await workspace.withContext(
      ({ config, pack, clock }) => openWorkspaceService({ config, pack, clock, progress: silentProgress }),
      settings,
    );
    await expect.poll(() => service.lookup, { timeout: 30_000 }).toBe('loaded');
    await service.reload();
    return service;
  };
  const keys = readers(600).map((row) => String(row['reader_id']));
  /** Who answers by key about each reader, or the code of why nobody does. */
  const answeredBy = (service: ScoringService): string[] =>
    keys.map((entityId) => {
      try {
        return String(service.score({ entityId }).answeredBy);
      } catch (error) {
        return (error as HoldfastError).code;
      }
    });
  const scored = (service: ScoringService): string[] =>
    keys.filter((entityId) => {
      try {
        return service.score({ entityId }).modelSet === 2;
      } catch {
        return false;
      }
    });

  it('answers its share of the readers, the same ones at every start, by its own models', async () => {
    await using service = await open({ 'serve.split': 30 });
    expect(service.challenger).toMatchObject({ named: 'challenger', set: { id: 2 }, reason: null });
    const share = scored(service);
    expect(share.length).toBeGreaterThan(20);
    await using again = await open({ 'serve.split': 30, 'serve.shadow': '2' });
    expect(scored(again)).toEqual(share);
    const [entityId = ''] = share;
    await using champion = await open({});
    const by = (answering: ScoringService): unknown => answering.score({ entityId }).horizons[0]?.probability;
    expect(by(service)).not.toEqual(by(champion));
  });

  it('is loaded after the start, and nobody at risk goes without an answer meanwhile', async () => {
    const opening = ({ config, pack, clock }: Context): Promise<ScoringService> =>
      openWorkspaceService({ config, pack, clock, progress: silentProgress });
    await using service = await workspace.withContext(opening, { 'serve.split': 100 });
    expect(service.notReadyReason).toBeNull();
    expect(service.challenger).toMatchObject({ set: null, reason: 'it is still being loaded' });
    expect(service.score({ entityId: 'new', features: READER_FEATURES })).toMatchObject({
      answeredBy: 'champion',
    });
    await expect.poll(() => service.lookup, { timeout: 30_000, interval: 1 }).toBe('loaded');
    const who = new Set<string>();
    await expect
      .poll(
        () => {
          for (const one of answeredBy(service)) who.add(one);
          return service.challenger?.reason;
        },
        { timeout: 30_000, interval: 1 },
      )
      .toBeNull();
    expect([...who].filter((one) => one !== 'HF603')).toContain('champion');
    expect(who).not.toContain('HF602');
    expect(new Set(answeredBy(service))).toEqual(new Set(['challenger', 'HF603']));
  });

  it('is in the log of predictions as who said it', async () => {
    const state = await workspace.withContext(({ config }) => Promise.resolve(config.state));
    await using service = await open({ 'serve.shadow': 'challenger' });
    {
      using recorder = await openRecorder(state, { now: () => new Date('2024-06-01T12:00:00Z') });
      const entityId = keys[0] ?? '';
      const answer = { ...service.score({ entityId: 'new', features: READER_FEATURES }), entityId };
      const shadow = service.scoreInShadow?.({ entityId: 'new', features: READER_FEATURES });
      const entry = {
        requestId: 'r',
        answeredAt: '2024-06-01T12:00:00.000Z',
        entityId,
        features: READER_FEATURES,
      };
      recorder.record({ ...entry, answer, latencyMs: 1 });
      if (shadow !== undefined) recorder.record({ ...entry, answer: shadow, latencyMs: 1 });
    }
    const rows = await workspace.withContext(
      async (context) =>
        (
          await queryLake(
            context,
            'SELECT answered_by, model_set FROM serving.predictions ORDER BY model_set',
          )
        ).rows,
    );
    expect(rows).toMatchObject([
      { answered_by: 'champion', model_set: 1 },
      { answered_by: 'shadow', model_set: 2 },
    ]);
  });

  it('that is damaged is refused, and comes back when it is mended', async () => {
    const file = path.join(workspace.folder, 'models', 'churn_model_90d', '2', 'model.txt');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, -100));
    await using service = await open({ 'serve.split': 100 });
    expect(service.set?.id).toBe(1);
    expect(service.challenger).toMatchObject({ set: null });
    expect(service.challenger?.reason).toMatch(/\[HF50\d\]/);
    expect(scored(service)).toEqual([]);
    await writeFile(file, text);
    expect(await service.reload()).toMatchObject({
      outcome: 'unchanged',
      challenger: { outcome: 'loaded', set: { id: 2 } },
    });
    // Whoever is at risk is answered at once, by what the challenger looks up itself.
    expect(new Set(answeredBy(service))).toEqual(new Set(['challenger', 'HF603']));
    expect(scored(service).length).toBeGreaterThan(0);
  });

  it('that becomes champion challenges nobody any more', async () => {
    await using copy = await openMagazine();
    await copy.land('readers.csv', readers(600));
    await copy.run();
    await copy.run({ from: 'train', to: 'train' }, { 'learner.rounds': 5 });
    await copy.withContext(
      async ({ config, pack, clock, registry }) => {
        await using service = await openWorkspaceService({ config, pack, clock, progress: silentProgress });
        await service.reload();
        expect(service.challenger?.set?.id).toBe(2);
        const evidence = await registry.storeEvidence({});
        await registry.change({ by: 'test' }, () => ({ kind: 'promoted', set: 2, evidence }));
        expect(await service.reload()).toMatchObject({
          outcome: 'loaded',
          set: { id: 2 },
          challenger: { outcome: 'refused', reason: 'there is no challenger at present', set: null },
        });
        expect(service.score({ entityId: 'new', features: READER_FEATURES })).toMatchObject({
          modelSet: 2,
          answeredBy: 'champion',
        });
      },
      { 'serve.split': 100 },
    );
  });

  it.each([{ 'serve.shadow': 'challenger' }, { 'serve.split': 10 }])(
    'is refused beside an exported set: %j (HF103)',
    async (settings) => {
      await expect(open({ ...settings, 'serve.model_dir': '/nowhere' })).rejects.toMatchObject({
        code: 'HF103',
        place: { field: Object.keys(settings)[0] },
      });
    },
  );

  it.each([
    { 'serve.shadow': 'best' },
    { 'serve.shadow': '0' },
    { 'serve.split': 101 },
    { 'serve.split': -1 },
  ])('is no setting: %j (HF103)', async (settings) => {
    await expect(open(settings)).rejects.toMatchObject({ code: 'HF103' });
  });
});
