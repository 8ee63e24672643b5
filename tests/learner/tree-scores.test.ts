/** Our own walk through trees gives the library's raw scores, to the bit, wherever a value may fall. */
import { describe, expect, it } from 'vitest';
import { openLearner, parseModelText } from '../../src/learner/index.ts';
import { openLightGbmRows } from '../../src/learner/lightgbm/index.ts';
import { treeScorerOf, treeScorerParts } from '../../src/learner/tree-scores/index.ts';
import { exampleTask, uniformNumbers } from './example-data.ts';
import { modelText, type TreeSketch } from './model-text.ts';

const FEATURES = 5;
const THRESHOLDS = [0, -0, 1e-36, -1e-36, 1e-35, 0.1, -0.1, 3, 1e300, Infinity, -Infinity];
const SETS = [[], [0], [1, 3], [31], [32], [0, 63, 64], [100]];
const VALUES = [
  ...[NaN, 0, -0, 1e-36, -1e-36, 1e-35, 1e-34, 0.1, 0.1 + 2 ** -56, 0.1 - 2 ** -56, -0.1, 3, 2.999],
  ...[-0.5, -1, 1, 1.9, 31, 32, 33, 63.5, 64, 95, 96, 100, 101, 127, 128, 1e5, 2e9, 2 ** 31, 1e10],
  ...[-2e9, -1e10, 1e300, -1e300, 5e-324, Infinity, -Infinity],
];

const pick = <T>(from: readonly T[], next: () => number): T => from[Math.floor(next() * from.length)] as T;

function grown(depth: number, next: () => number): TreeSketch {
  if (depth === 0 || next() < 0.1) return { value: (next() - 0.5) * 10 ** Math.floor(next() * 6), rows: 2 };
  return {
    feature: Math.floor(next() * FEATURES),
    left: next() < 0.3 ? pick(SETS, next) : pick([...THRESHOLDS, next() * 8 - 4], next),
    missing: { goesLeft: next() < 0.5, is: pick(['nothing', 'zero', 'nan'], next) },
    children: [grown(depth - 1, next), grown(depth - 1, next)],
  };
}

/** As many rows as there are that the two disagree on. */
async function disagreements(text: string, rows: readonly Float64Array[]): Promise<number> {
  const { features, trees, ...model } = parseModelText(text);
  using library = await openLightGbmRows(text, undefined, { features, trees: trees.length });
  const parts = await treeScorerParts({ features, trees, ...model });
  const own = parts === undefined ? undefined : treeScorerOf(parts);
  if (own === undefined) throw new Error('there is no walk for this model');
  return rows.filter((row) => !Object.is(own(row), library.predictRaw(row))).length;
}

describe('a walk through trees', () => {
  it('agrees with the library on every kind of split, at its threshold and beside it, and on odd values', async () => {
    const next = uniformNumbers(11);
    for (let model = 0; model < 40; model += 1) {
      const text = modelText(
        FEATURES,
        Array.from({ length: 12 }, () => grown(Math.floor(next() * 9), next)),
      );
      const rows = Array.from({ length: 200 }, () =>
        Float64Array.from({ length: FEATURES }, () => (next() < 0.8 ? pick(VALUES, next) : next() * 8 - 4)),
      );
      expect(await disagreements(text, rows)).toBe(0);
    }
  });

  it.each(['lightgbm', 'random_forest'])(
    'agrees with the library on models that %s has trained',
    async (name) => {
      await using learner = await openLearner(name, { threads: 1 });
      const task = exampleTask(2000, { parameters: {}, rounds: 40, stopRows: new Uint32Array() });
      const { modelText: text } = await learner.train({ ...task, earlyStoppingRounds: 0 });
      const { features } = task;
      const rows = Array.from({ length: features.rows }, (_, row) =>
        Float64Array.from(
          { length: features.columns },
          (_column, column) => features.data[column * features.rows + row] as number,
        ),
      );
      // Values of the trees themselves: a split sends what equals its threshold to the left.
      parseModelText(text).trees.forEach(({ splitFeature, threshold }) => {
        splitFeature.forEach((feature, node) => {
          const row = Float64Array.from(rows[node] as Float64Array);
          row[feature] = threshold[node] as number;
          rows.push(row);
        });
      });
      expect(await disagreements(text, rows)).toBe(0);
    },
  );

  it('is not made for trees that are very deep', async () => {
    let tree: TreeSketch = { value: 1, rows: 2 };
    for (let depth = 0; depth < 25; depth += 1)
      tree = {
        feature: 0,
        left: depth,
        missing: { goesLeft: false, is: 'nan' },
        children: [tree, { value: depth, rows: 2 }],
      };
    expect(await treeScorerParts(parseModelText(modelText(1, [tree])))).toBeUndefined();
  });
});
