import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HoldfastError } from '../../kernel/index.ts';
import { sharedMatrix } from '../matrix.ts';
import { openXgboost } from './index.ts';
import { gainOf, isXgboostText, parseModelText } from './model-text.ts';

const ROWS = 400;

/** A model of a number and a category, as the library writes it. */
async function trainedText(): Promise<string> {
  const features = sharedMatrix(ROWS, 2);
  const labels = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    features.data[row] = row % 37;
    features.data[ROWS + row] = row % 5;
    labels[row] = Number(row % 37 > 20 || row % 5 === 2);
  }
  await using learner = await openXgboost({ threads: 1 });
  const { modelText } = await learner.train({
    features,
    featureNames: ['number', 'code'],
    categorical: [1],
    trainRows: Uint32Array.from({ length: ROWS }, (_, row) => row),
    stopRows: new Uint32Array(),
    labels,
    parameters: { max_depth: 3, min_child_weight: 1 },
    rounds: 3,
    earlyStoppingRounds: 0,
    seed: 1,
    threads: 1,
  });
  return modelText;
}

let text: string;
beforeAll(async () => {
  text = await trainedText();
});
afterAll(() => {
  text = '';
});

/** The text with one place of its JSON changed: the first match of a pattern. */
function changed(pattern: RegExp, to: string): string {
  const result = text.replace(pattern, to);
  if (result === text) throw new Error(`the text does not match ${String(pattern)}`);
  return result;
}

describe("XGBoost's model text", () => {
  test('tells features, categories that were seen, trees and gain', () => {
    const model = parseModelText(text);
    expect(model).toMatchObject({ features: 2, featureNames: ['number', 'code'], categorical: [1] });
    expect(model.trees).toHaveLength(3);
    expect([0, 4, 5, 2.5, NaN].map((code) => model.known.get(1)?.has(code))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(Math.min(...gainOf(model))).toBeGreaterThan(0);
    expect(isXgboostText(text)).toBe(true);
    expect(isXgboostText('tree\n')).toBe(false);
  });

  test('takes any usable code where a model does not say which it has seen', () => {
    const model = parseModelText(changed(/"attributes":\{.*?\}"\}/, '"attributes":{}'));
    expect([0, 99, -1, 0.5, 2 ** 24].map((code) => model.known.get(1)?.has(code))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test.each<[string, RegExp, string]>([
    ['a child outside the tree', /"left_children":\[1,/, '"left_children":[99,'],
    ['a child that is its own parent', /"left_children":\[1,/, '"left_children":[0,'],
    ['a node with one child', /"right_children":\[2,/, '"right_children":[-1,'],
    ['a parent that is another', /"parents":\[2147483647,0/, '"parents":[2147483647,1'],
    ['a feature that is not there', /"split_indices":\[\d/, '"split_indices":[2'],
    ['a split of no known kind', /"split_type":\[\d/, '"split_type":[2'],
    ['a node too many', /"num_nodes":"\d+"/, '"num_nodes":"1000000"'],
    ['categories of no node', /"categories":\[/, '"categories":[0,'],
    ['a leaf that is no number', /"split_conditions":\[/, '"split_conditions":["x",'],
    ['other trees than it counts', /"num_trees":"3"/, '"num_trees":"2"'],
    ['rounds that do not add up', /"iteration_indptr":\[0,1,/, '"iteration_indptr":[0,0,'],
    ['another objective', /"binary:logistic"/, '"reg:squarederror"'],
    ['another booster', /"gbtree"/, '"dart"'],
    ['several classes', /"num_class":"0"/, '"num_class":"3"'],
    ['another version', /"version":\[3/, '"version":[1'],
    ['a base that is no number', /"base_score":"[^"]*"/, '"base_score":"many"'],
  ])('is refused with %s (HF503)', (_, pattern, to) => {
    const damaged = changed(pattern, to);
    expect(() => parseModelText(damaged)).toThrow(
      expect.objectContaining({ code: 'HF503' }) as HoldfastError,
    );
  });

  test('is refused wherever it is cut off', () => {
    for (let length = 0; length < text.length; length += Math.ceil(text.length / 97))
      expect(() => parseModelText(text.slice(0, length))).toThrow(HoldfastError);
  });
});
