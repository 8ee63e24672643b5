import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedMatrix } from '../matrix.ts';
import { openLightGbm } from './index.ts';
import { normaliseModelText, parseModelText } from './model-text.ts';

const ROWS = 2000;
let text = '';

beforeAll(async () => {
  const features = sharedMatrix(ROWS, 3);
  const labels = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const [number, code] = [(row * 7919) % 1000, (row * 31) % 9];
    features.data[row] = row % 11 === 0 ? NaN : number;
    features.data[ROWS + row] = code;
    features.data[2 * ROWS + row] = row % 3 === 0 ? Infinity : row % 17;
    labels[row] = number > 400 !== [1, 4].includes(code) ? 1 : 0;
  }
  await using learner = await openLightGbm({ threads: 1 });
  const result = await learner.train({
    features,
    featureNames: ['number', 'größe', 'ceiling'],
    categorical: [1],
    trainRows: Uint32Array.from({ length: ROWS }, (_, row) => row),
    stopRows: new Uint32Array(),
    labels,
    parameters: { num_leaves: 8, max_cat_to_onehot: 1, cat_smooth: 1, min_data_per_group: 5 },
    rounds: 3,
    earlyStoppingRounds: 0,
    seed: 1,
    threads: 1,
  });
  text = result.modelText;
});
afterAll(() => {
  text = '';
});

/** Replaces once and sees to it that there was something to replace, keeping `tree_sizes` right. */
function damage(pattern: RegExp, replacement: string): string {
  expect(text).toMatch(pattern);
  const changed = text.replace(pattern, replacement);
  const start = changed.indexOf('Tree=0\n');
  const section = changed.slice(start, changed.indexOf('end of trees\n'));
  const sizes = section.split(/(?=Tree=\d+\n)/).map((block) => block.length);
  return changed.replace(/tree_sizes=.*/, `tree_sizes=${sizes.join(' ')}`);
}

describe('a model text', () => {
  test('is read into trees', () => {
    const model = parseModelText(text);
    expect(model).toMatchObject({ features: 3, objective: 'binary sigmoid:1' });
    expect(model.featureNames).toEqual(['number', 'größe', 'ceiling']);
    expect(model.trees).toHaveLength(3);
    for (const tree of model.trees) {
      expect(tree.leafValue).toHaveLength(tree.leaves);
      expect(tree.splitFeature).toHaveLength(tree.leaves - 1);
      expect(tree.leafCount.reduce((sum, count) => sum + count, 0)).toBe(ROWS);
      expect(tree.internalCount[0]).toBe(ROWS);
      expect(tree.categoryBoundaries.at(-1)).toBe(tree.categoryBits.length);
    }
    expect(model.trees.some((tree) => tree.categoryBits.length > 0)).toBe(true);
  });

  test('reads infinite thresholds as the numbers they are', () => {
    const infinite = damage(/^threshold=\S+/m, 'threshold=inf');
    expect(parseModelText(infinite).trees[0]?.threshold).toContain(Infinity);
  });

  test('does not tell the number of threads once normalised', () => {
    const many = text.replace('[num_threads: 0]', '[num_threads: 16]');
    expect(many).not.toBe(text);
    expect(normaliseModelText(many)).toBe(text);
  });

  test('is refused wherever it is cut off', () => {
    const end = text.indexOf('end of parameters');
    for (let share = 0; share < 1; share += 0.01) {
      expect(() => parseModelText(text.slice(0, end * share)), String(share)).toThrow(/LightGBM model/);
    }
  });

  const damages: readonly (readonly [string, RegExp, string])[] = [
    ['another format', /^tree\n/, 'forest\n'],
    ['another version', /version=v4/, 'version=v3'],
    ['several classes', /num_class=1/, 'num_class=3'],
    ['a class of its own for each tree', /num_tree_per_iteration=1/, 'num_tree_per_iteration=2'],
    ['another objective', /objective=binary sigmoid:1/, 'objective=poisson'],
    ['averaged trees', /\nmax_feature_idx/, '\naverage_output\nmax_feature_idx'],
    ['more features than names', /max_feature_idx=2/, 'max_feature_idx=3'],
    ['a number of features that is none', /max_feature_idx=2/, 'max_feature_idx=-1'],
    ['a header line twice', /label_index=0/, 'label_index=0\nlabel_index=0'],
    ['carriage returns', /\n/, '\r\n'],
    ['feature facts with an equals sign', /feature_infos=/, 'feature_infos=='],
    ['constraints for other features', /label_index=0/, 'label_index=0\nmonotone_constraints=1 0'],
    ['a shrinkage that is no number', /shrinkage=1/, 'shrinkage=f.1'],
    ['a NUL', /feature_names=/, 'feature_names=\0'],
    ['a split on a feature it has not', /split_feature=\d+/, 'split_feature=3'],
    ['a negative split feature', /split_feature=\d+/, 'split_feature=-1'],
    ['a node that is its own child', /left_child=-?\d+/, 'left_child=0'],
    ['a leaf with two parents', /left_child=(\S+) \S+/, 'left_child=-1 -1'],
    ['a child beyond the nodes', /right_child=-?\d+/, 'right_child=900'],
    ['a leaf beyond the leaves', /right_child=-?\d+/, 'right_child=-900'],
    ['fewer leaf values than leaves', /leaf_value=\S+ /, 'leaf_value='],
    ['a leaf value that is no number', /leaf_value=\S+/, 'leaf_value=nan'],
    ['a word for a number', /leaf_value=\S+/, 'leaf_value=0x10'],
    ['a threshold that is no number', /threshold=\S+/, 'threshold=nan'],
    ['an impossible count of leaves', /num_leaves=\d+/, 'num_leaves=99999999'],
    ['no leaves', /num_leaves=\d+/, 'num_leaves=0'],
    ['an unknown way to decide', /decision_type=\d+/, 'decision_type=13'],
    ['categories beyond their sets', /cat_boundaries=0/, 'cat_boundaries=7'],
    ['fewer category words than announced', /cat_threshold=\d+/, 'cat_threshold='],
    ['linear leaves', /is_linear=0/, 'is_linear=1'],
    ['a line it should not have', /shrinkage=1/, 'shrinkage=1\nleaf_features=0'],
    ['a line twice', /num_cat=/, 'num_cat=0\nnum_cat='],
    ['letters beyond ASCII in a tree', /shrinkage=1/, 'shrinkage=1é'],
    ['no parameters', /\nend of parameters\n/, '\n'],
  ];
  test.each(damages)('is refused with %s', (_, pattern, replacement) => {
    expect(() => parseModelText(damage(pattern, replacement))).toThrow(
      expect.objectContaining({ code: 'HF503' }) as Error,
    );
  });

  test('is refused when its sizes do not fit its trees', () => {
    for (const sizes of ['', '1 2 3', '99999999999', '-5', '776']) {
      const changed = text.replace(/tree_sizes=.*/, `tree_sizes=${sizes}`);
      expect(() => parseModelText(changed), sizes).toThrow(/LightGBM model/);
    }
  });
});
