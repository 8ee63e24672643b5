import { describe, expect, it } from 'vitest';
import type { Contributions, Explainer } from '../learner/index.ts';
import type { Feature } from '../pack/index.ts';
import { explainGlobally, type GlobalExplanation, judgeHypotheses } from './index.ts';

const feature = (parts: Partial<Feature>): Feature => ({
  type: 'numeric',
  nullable: true,
  source: 'snapshot',
  window: 'snapshot',
  label: 'x',
  missing: [],
  ...parts,
});
const FEATURES = {
  up: feature({ label: 'Goes up' }),
  down: feature({ group: 'pair', missing: [-9999] }),
  opposite: feature({ group: 'pair' }),
  channel: feature({ type: 'categorical' }),
  nothing: feature({}),
};
const NAMES = Object.keys(FEATURES) as (keyof typeof FEATURES)[];
const ROWS = 400;
const VALUES: Readonly<Record<keyof typeof FEATURES, (row: number) => number>> = {
  up: (row) => row % 50,
  down: (row) => (row % 10 === 0 ? -9999 : row % 20),
  opposite: (row) => row % 20,
  channel: (row) => row % 3,
  nothing: () => 1,
};
const CONTRIBUTIONS: typeof VALUES = {
  up: (row) => (row % 50) ** 2 / 100,
  down: (row) => -(row % 20) / 10,
  opposite: (row) => (row % 20) / 10,
  channel: (row) => (row % 3) - 1,
  nothing: () => 0,
};

/** An explainer of a model whose contributions are known. */
const known: Explainer = {
  features: NAMES.length,
  method: 'kernel',
  precision: 'double',
  contributions: (matrix): Promise<Contributions> =>
    Promise.resolve({
      rows: matrix.rows,
      columns: NAMES.length + 1,
      values: Float64Array.from(
        Array.from({ length: matrix.rows }, (_, row) => [
          ...NAMES.map((name) => CONTRIBUTIONS[name](row)),
          -2,
        ]).flat(),
      ),
    }),
  contributionsOfRow: () => new Float64Array(NAMES.length + 1),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
const explained = (): Promise<GlobalExplanation> =>
  explainGlobally({
    horizonDays: 30,
    modelText: '',
    encoding: {
      contractHash: '',
      features: NAMES.map((name) => ({
        name,
        type: FEATURES[name].type,
        categories: name === 'channel' ? ['a', 'b', 'c'] : [],
      })),
    },
    features: FEATURES,
    matrix: {
      rows: ROWS,
      columns: NAMES.length,
      data: Float64Array.from(
        NAMES.flatMap((name) => Array.from({ length: ROWS }, (_, row) => VALUES[name](row))),
      ),
    },
    openExplainer: () => Promise.resolve(known),
  });

describe('a global explanation', () => {
  it('ranks features by the mean size of their contributions', async () => {
    const { features, rows, baseValue } = await explained();
    expect(features.map((found) => found.feature)).toEqual(['up', 'down', 'opposite', 'channel', 'nothing']);
    expect(features.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    const sizes = Array.from({ length: 50 }, (_, row) => row ** 2 / 100);
    expect(features[0]?.meanAbsolute).toBeCloseTo(sizes.reduce((sum, size) => sum + size) / 50, 12);
    expect(features[0]).toMatchObject({ label: 'Goes up', group: 'up' });
    expect(features.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect([rows, baseValue]).toEqual([ROWS, -2]);
  });

  it('tells the direction by ranks, without values that stand for missing, and not of categories', async () => {
    const { features } = await explained();
    const direction = new Map(features.map((found) => [found.feature, found.direction]));
    expect(direction.get('up')).toBeCloseTo(1, 12);
    expect(direction.get('down')).toBeCloseTo(-1, 12);
    expect(direction.get('channel')).toBeNull();
    expect(direction.get('nothing')).toBeNull();
  });

  it('weighs a group by the sum of its members, which may cancel out', async () => {
    const { groups } = await explained();
    expect(groups.map(({ group }) => group)).toEqual(['up', 'channel', 'pair', 'nothing']);
    expect(groups.find(({ group }) => group === 'pair')).toEqual({
      rank: 3,
      group: 'pair',
      features: ['down', 'opposite'],
      meanAbsolute: 0,
    });
  });

  it('gives points with the place of the value, at most 300 a feature', async () => {
    const { beeswarm } = await explained();
    const points = (name: string): readonly { contribution: number; quantile: number | null }[] =>
      beeswarm.find((found) => found.feature === name)?.points ?? [];
    expect(beeswarm.every((found) => found.points.length === 300)).toBe(true);
    const quantiles = points('up').map(({ quantile }) => quantile ?? Number.NaN);
    expect(Math.min(...quantiles)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...quantiles)).toBeLessThanOrEqual(1);
    expect(quantiles[49]).toBeGreaterThan(0.97);
    expect(points('down')[0]).toEqual({ contribution: -0, quantile: null });
    expect(points('channel')[2]).toEqual({ contribution: 1, quantile: null });
    expect(points('nothing')[7]?.quantile).toBeCloseTo(0.5, 12);
  });
});

describe('hypotheses', () => {
  const importance = (names: readonly string[]): GlobalExplanation => ({
    horizonDays: 60,
    rows: 1,
    baseValue: 0,
    groups: [],
    beeswarm: [],
    features: names.map((name, index) => ({
      rank: index + 1,
      feature: name,
      label: name,
      group: name,
      meanAbsolute: name === 'dead' ? 0 : 1 / (index + 1),
      share: 0.1,
      direction: null,
    })),
  });
  const names = Array.from({ length: 12 }, (_, index) => `f${String(index + 1)}`);
  const line = (name: string): { feature: string; says: string } => ({ feature: name, says: 'since' });

  it('are borne out to rank 5, weaker to rank 10, and else not', () => {
    const judged = judgeHypotheses({ '60d': ['f5', 'f6', 'f10', 'f11'].map(line), '30d': [line('f1')] }, [
      importance(names),
    ]);
    expect(
      judged.map(({ feature: name, expected, rank, verdict }) => [name, expected, rank, verdict]),
    ).toEqual([
      ['f5', 1, 5, 'borne out'],
      ['f6', 2, 6, 'weaker than expected'],
      ['f10', 3, 10, 'weaker than expected'],
      ['f11', 4, 11, 'not borne out'],
    ]);
    expect(judged[0]).toMatchObject({ of: 12, meanAbsolute: 0.2, says: 'since' });
  });

  it('are borne out only where the feature works the way that was expected', () => {
    const found = importance(names);
    const explanation = {
      ...found,
      rows: 900,
      features: found.features.map((one, index) => ({
        ...one,
        direction: [0.6, -0.6, 0.05, null][index] ?? null,
      })),
    };
    const judged = judgeHypotheses(
      {
        '60d': [
          { ...line('f1'), raised_by: 'higher' },
          { ...line('f1'), raised_by: 'lower' },
          { ...line('f2'), raised_by: 'lower' },
          { ...line('f2'), raised_by: 'higher' },
          line('f2'),
          { ...line('f3'), raised_by: 'higher' },
          line('f4'),
        ],
      },
      [explanation],
    );
    expect(
      judged.map(({ raisedBy, expectedRaisedBy, verdict }) => [raisedBy, expectedRaisedBy, verdict]),
    ).toEqual([
      ['higher', 'higher', 'borne out'],
      ['higher', 'lower', 'opposite direction'],
      ['lower', 'lower', 'borne out'],
      ['lower', 'higher', 'opposite direction'],
      ['lower', null, 'borne out'],
      [null, 'higher', 'no clear direction'],
      [null, null, 'borne out'],
    ]);
  });

  it('are not borne out by a feature that weighs nothing, whatever its rank', () => {
    const [judged] = judgeHypotheses({ '60d': [line('dead')] }, [importance(['f1', 'dead'])]);
    expect(judged).toMatchObject({ rank: 2, verdict: 'not borne out' });
  });
});
