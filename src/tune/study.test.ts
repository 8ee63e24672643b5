import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../domain/index.ts';
import { type Method, METHODS } from './samplers.ts';
import { gridOf, type Point, type Space, spaceOf } from './space.ts';
import { bestOf, isHopeless, runStudy, type StudyParts, type Trial } from './study.ts';

const SPACE: Space = {
  name: 'bowl',
  learner: 'lightgbm',
  fixed: {},
  dimensions: {
    x: { kind: 'range', from: -5, to: 5 },
    y: { kind: 'range', from: 0.001, to: 10, log: true },
    leaves: { kind: 'range', from: 2, to: 60, log: true, integer: true },
    kind: { kind: 'choice', values: ['a', 'b', 'c'] },
  },
};

/** Highest at x = 1, y = 0.1 and kind b; folds differ in height and a little in what they like. */
function judge({ x, y, kind }: Point, fold: number): Promise<{ metric: number; trees: number }> {
  const bowl = -((Number(x) - 1) ** 2) - (Math.log10(Number(y)) + 1) ** 2 - (kind === 'b' ? 0 : 1);
  const taste = 0.02 * Math.sin(7 * Number(x) + 3 * fold);
  return Promise.resolve({ metric: bowl + taste + fold / 10, trees: 10 + fold });
}

const partsOf = (method: Method, seed: number, more: Partial<StudyParts> = {}): StudyParts => ({
  method,
  space: SPACE,
  seed,
  trials: 40,
  folds: 5,
  before: [],
  judge,
  keep: () => Promise.resolve(),
  now: () => 0,
  ...more,
});

test('the grid of the architecture has 108 points, each once', () => {
  for (const learner of ['lightgbm', 'xgboost']) {
    const points = gridOf(spaceOf('grid108', learner));
    expect(points).toHaveLength(108);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(108);
  }
});

test('the space of seven parameters has 9,216 points', () => {
  expect(gridOf(spaceOf('seven', 'lightgbm'))).toHaveLength(9216);
});

test('a learner without a space and a grid of ranges are refused', () => {
  expect(() => spaceOf('default', 'abacus')).toThrow(/no search space/);
  expect(() => gridOf(spaceOf('default', 'lightgbm'))).toThrow(/has ranges/);
});

test('a grid ends when every point was tried', async () => {
  const outcome = await runStudy(
    partsOf('grid', 1, {
      space: spaceOf('grid108', 'lightgbm'),
      trials: 500,
      judge: () => Promise.resolve({ metric: 1, trees: 1 }),
    }),
  );
  expect(outcome).toMatchObject({ ended: 'grid', trials: { length: 108 } });
});

test('points stay within the space, whole numbers where they must be', async () => {
  for (const method of ['random', 'tpe'] as const) {
    const { trials } = await runStudy(partsOf(method, 3, { trials: 80 }));
    for (const { point } of trials) {
      expect(Math.abs(Number(point['x']))).toBeLessThanOrEqual(5);
      expect(Number(point['y'])).toBeGreaterThanOrEqual(0.001);
      expect(Number(point['y'])).toBeLessThanOrEqual(10);
      expect(Number.isInteger(point['leaves'])).toBe(true);
      expect(['a', 'b', 'c']).toContain(point['kind']);
    }
  }
});

describe('a study that goes on after an interruption', () => {
  test.each(METHODS.filter((method) => method !== 'grid'))('makes the same trials by %s', async (method) => {
    const whole = await runStudy(partsOf(method, 7));
    for (const kept of [1, 13, 39]) {
      const rest = await runStudy(partsOf(method, 7, { before: whole.trials.slice(0, kept) }));
      expect(rest.trials).toEqual(whole.trials);
    }
  });
});

test('pruning never gives up the trial that would have been the best', async () => {
  let pruned = 0;
  for (let seed = 0; seed < 100; seed++) {
    const random = randomNumbers(seed, 9);
    const trials = Array.from({ length: 40 }, () => {
      const quality = (random() / 2 ** 32) * 0.1;
      return Array.from({ length: 5 }, (_, fold) => 0.6 + fold / 20 + quality + (random() / 2 ** 32) * 0.02);
    });
    const means = trials.map((folds) => folds.reduce((sum, value) => sum + value, 0) / 5);
    let trial = -1;
    const outcome = await runStudy(
      partsOf('random', seed, {
        judge: (_, fold) => {
          if (fold === 0) trial += 1;
          return Promise.resolve({ metric: trials[trial]?.[fold] ?? 0, trees: 1 });
        },
      }),
    );
    expect(outcome.best?.trial).toBe(means.indexOf(Math.max(...means)));
    pruned += outcome.trials.filter(({ status }) => status === 'pruned').length;
  }
  expect(pruned).toBeGreaterThan(1500);
});

test('a trial is hopeless only where finished trials tell how much folds differ', () => {
  const done = [0, 1, 2, 3, 4].map((trial) => ({
    folds: [0.5, 0.5, 0.5, 0.5].map((value, fold) => value - trial / 100 + ((trial + fold) % 2) / 500),
  }));
  const [best] = done;
  expect(isHopeless([0.1, 0.1], best?.folds ?? [], done.slice(0, 3))).toBe(false);
  expect(isHopeless([0.1, 0.1], best?.folds ?? [], done)).toBe(true);
  expect(isHopeless([0.4995, 0.4995], best?.folds ?? [], done)).toBe(false);
  expect(isHopeless([0.6, 0.6], best?.folds ?? [], done)).toBe(false);
  expect(isHopeless([0.1], best?.folds ?? [], done)).toBe(false);
});

test('no trial begins after the time is over, and the best of those that ended is given', async () => {
  let clock = 0;
  const kept: Trial[] = [];
  const outcome = await runStudy(
    partsOf('random', 1, {
      timeout: 3,
      now: () => (clock += 500),
      keep: (trial) => {
        kept.push(trial);
        return Promise.resolve();
      },
    }),
  );
  expect(outcome.ended).toBe('timeout');
  expect(outcome.trials.length).toBeLessThan(5);
  expect(kept).toEqual(outcome.trials);
  expect(outcome.best).toEqual(bestOf(kept));
});

test('an interrupted study says that it goes on when asked again', async () => {
  const signal = AbortSignal.abort();
  await expect(runStudy(partsOf('tpe', 1, { signal }))).rejects.toMatchObject({ code: 'HF930' });
});

test('the Parzen estimator comes nearer to the top than random draws with the same seeds', async () => {
  const tops = { random: 0, tpe: 0 };
  for (let seed = 0; seed < 20; seed++)
    for (const method of ['random', 'tpe'] as const)
      tops[method] += (await runStudy(partsOf(method, seed, { trials: 60 }))).best?.mean ?? NaN;
  expect(tops.tpe).toBeGreaterThan(tops.random + 20 * 0.05);
});
