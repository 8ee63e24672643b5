/** A kept answer is the answer that the models would give: another row, question, set or snapshot never meets it. */
import { openAnswerCache } from '../../src/workflow/serving/answer-cache.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/index.ts';
import type { LoadedSet } from '../../src/model/index.ts';
import { championSet } from '../../src/registry/index.ts';
import {
  openScoringService,
  type ScoringAnswer,
  type ScoringParts,
  scoringPartsOf,
  type ScoringService,
} from '../../src/workflow/index.ts';
import { openMagazine, READER_FEATURES, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
});
afterAll(() => workspace[Symbol.asyncDispose]());

interface Kept {
  readonly service: ScoringService;
  /** Scores by the models alone. */
  readonly plain: ScoringService;
  readonly cache: ReturnType<typeof openAnswerCache>;
  readonly exchange: (change: (set: LoadedSet) => LoadedSet) => void;
  readonly pass: (milliseconds: number) => void;
}

function withCache<T>(
  use: (kept: Kept) => Promise<T> | T,
  { entries = 100, ...more }: Partial<ScoringParts> & { readonly entries?: number } = {},
): Promise<T> {
  return workspace.withContext(async (context) => {
    const champion = await championSet(context.registry);
    if (champion === undefined) throw new Error('there is no champion');
    let current = champion;
    let time = Date.parse('2025-03-14T09:00:00Z');
    const clock: Clock = { now: () => new Date(time) };
    const cache = more.cache ?? openAnswerCache({ lifeMs: 300_000, entries, clock });
    const parts = { ...scoringPartsOf(context), loadSet: () => Promise.resolve(current), ...more };
    await using plain = await openScoringService(parts);
    await using service = await openScoringService({ ...parts, cache });
    return await use({
      service,
      plain,
      cache,
      exchange: (change) => {
        current = change(champion);
      },
      pass: (milliseconds) => {
        time += milliseconds;
      },
    });
  });
}

/** Keys at risk: who has ended is in no snapshot. */
const [KNOWN, CHANGING] = readers(400)
  .filter(({ ended }) => ended === 'no')
  .map((row) => String(row['reader_id'])) as [string, string];

const ASKED = { entityId: 'R0001', features: READER_FEATURES };
const withoutMark = ({ isCached: _isCached, ...answer }: ScoringAnswer): ScoringAnswer => answer;

describe('an answer', () => {
  test('that is asked for apart is neither given from memory nor kept there nor counted', () =>
    withCache(async ({ service, plain, cache }) => {
      const before = cache.figures;
      const apart = { isApart: true };
      for (let count = 0; count < 2; count += 1)
        expect(service.score(ASKED, apart)).toEqual(plain.score(ASKED));
      expect(await service.scoreMany?.([ASKED], apart)).toEqual([plain.score(ASKED)]);
      expect(cache.figures).toEqual(before);
    }));

  test('is given again to whoever has the same features, until its life is over', () =>
    withCache(({ service, plain, cache, pass }) => {
      expect(service.score(ASKED)).toEqual({ ...plain.score(ASKED), isCached: false });
      pass(299_999);
      const other = { ...ASKED, entityId: 'R0002' };
      expect(service.score(other)).toEqual({ ...plain.score(other), isCached: true });
      pass(1);
      expect(service.score(ASKED)).toMatchObject({ entityId: 'R0001', isCached: false });
      expect(cache.figures).toMatchObject({ hits: 1, misses: 2, entries: 1 });
    }));

  test.each<[string, Readonly<Record<string, string | number | null>>]>([
    ['a number', { complaints: 3 }],
    ['a fraction of it', { monthly_price: 4.500000001 }],
    ['nothing in place of a number', { complaints: null }],
    ['another category', { title: 'Garden' }],
    ['a category that training did not have', { title: 'Sailing' }],
  ])('is of its row alone: not where it has %s', (_name, change) =>
    withCache(({ service, plain }) => {
      service.score(ASKED);
      const other = { ...ASKED, features: { ...READER_FEATURES, ...change } };
      expect(service.score(other)).toEqual({ ...plain.score(other), isCached: false });
      expect(service.score(other)).toEqual({ ...plain.score(other), isCached: true });
    }),
  );

  test('is of its question alone: reasons and contributions are asked for apart', () =>
    withCache(({ service, plain }) => {
      for (const explain of [false, true]) {
        for (const reasons of [false, true]) {
          const expected = plain.score(ASKED, { explain, reasons });
          expect(service.score(ASKED, { explain, reasons })).toEqual({ ...expected, isCached: false });
          expect(service.score(ASKED, { explain, reasons })).toEqual({ ...expected, isCached: true });
        }
      }
    }));

  test('of a key is that of the snapshot, kept apart from one to the same features in a request', () =>
    withCache(({ service, plain }) => {
      const key = { entityId: KNOWN };
      const expected = plain.score(key);
      expect(expected.featuresAsOf).toBeDefined();
      expect(service.score(key)).toEqual({ ...expected, isCached: false });
      expect(service.score(key)).toEqual({ ...expected, isCached: true });
      expect(() => service.score({ entityId: 'nobody' })).toThrow(/there is no/);
    }));

  test('of hundreds of readers is the same with and without a cache', () =>
    withCache(
      ({ service, plain, cache }) => {
        for (let round = 0; round < 3; round += 1) {
          for (let number = 1; number <= 400; number += 1) {
            const entityId = `R${String(number).padStart(4, '0')}`;
            let expected: ScoringAnswer;
            try {
              expected = plain.score({ entityId }, { explain: round === 1 });
            } catch {
              continue;
            }
            expect(withoutMark(service.score({ entityId }, { explain: round === 1 }))).toEqual(expected);
          }
        }
        expect(cache.figures.entries).toBeLessThanOrEqual(50);
        expect(cache.figures.entries).toBeGreaterThanOrEqual(25);
      },
      { entries: 50 },
    ));
});

test('another set never answers from what was kept of the one before', () =>
  withCache(async ({ service, exchange }) => {
    service.score(ASKED);
    service.score({ entityId: KNOWN });
    exchange((set) => ({ ...set, set: { ...set.set, id: 7, hash: 'another' } }));
    await service.reload();
    expect(service.score(ASKED)).toMatchObject({ isCached: false, modelSet: 7 });
    expect(service.score({ entityId: KNOWN })).toMatchObject({ isCached: false, modelSet: 7 });
  }));

test('other thresholds never meet what was kept under the old ones', () =>
  withCache(({ service, cache }) => {
    service.score(ASKED);
    return withCache(
      (other) => {
        expect(other.service.score(ASKED)).toMatchObject({ isCached: false });
      },
      { cache, thresholds: { HOT: 0.99 } },
    );
  }));

test('a newer snapshot never answers from what was kept of the one before', () =>
  withCache(async ({ service }) => {
    for (const entityId of [KNOWN, CHANGING])
      expect(service.score({ entityId })).toMatchObject({ isCached: false });
    await workspace.land(
      'readers.csv',
      readers(400).map((row) => (row['reader_id'] === CHANGING ? { ...row, complaints: 4 } : row)),
    );
    await workspace.run({ from: 'ingest', to: 'build' });
    expect(await service.reload()).toMatchObject({ outcome: 'loaded' });
    expect(service.score({ entityId: CHANGING })).toMatchObject({ isCached: false });
    expect(service.score({ entityId: KNOWN })).toMatchObject({ isCached: false });
  }));
