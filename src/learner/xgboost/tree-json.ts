/** One tree of an XGBoost model: checked, because the library trusts what it loads. */
import { numbersAt, objectAt, oneOf, wholeBetween } from '../json-text.ts';

/** What is read of a tree; nodes in the order of the text. */
export interface XgboostTree {
  readonly leftChild: readonly number[];
  readonly splitFeature: readonly number[];
  /** Improvement of the loss by the split at a node; 0 at leaves. */
  readonly gain: readonly number[];
}

const NODES_MOST = 2 ** 22;
/** The library walks a tree by recursion where it explains; deeper ones could exceed its stack. */
const DEPTH_MOST = 4096;
/** The library keeps the categories of a split as bits up to the highest code; words of 32 bits, all splits of a tree. */
const CATEGORY_WORDS_MOST = 2 ** 24;
const CATEGORICAL = 1;
const NO_CHILD = -1;
const ROOT_PARENT = 2 ** 31 - 1;

/**
 * Reads one tree of a model of so many features.
 *
 * @throws RangeError saying what is inconsistent.
 */
export function readTree(value: unknown, features: number): XgboostTree {
  const tree = objectAt(value, 'tree');
  const nodes = Array.isArray(tree['left_children']) ? tree['left_children'].length : 0;
  if (nodes < 1 || nodes > NODES_MOST) throw new RangeError(`it has ${nodes} nodes`);
  const numbers = (key: string, isFit: (item: number) => boolean, length = nodes): readonly number[] =>
    numbersAt(tree[key], key, isFit, length);
  const isChild = wholeBetween(NO_CHILD, nodes - 1);
  const leftChild = numbers('left_children', isChild);
  const rightChild = numbers('right_children', isChild);
  const parents = numbers('parents', wholeBetween(0, ROOT_PARENT));
  const splitFeature = numbers('split_indices', wholeBetween(0, Math.max(features - 1, 0)));
  const splitType = numbers('split_type', wholeBetween(0, CATEGORICAL));
  numbers('default_left', wholeBetween(0, 1));
  const gain = numbers('loss_changes', () => true);
  for (const key of ['split_conditions', 'base_weights', 'sum_hessian']) numbers(key, Number.isFinite);
  checkShape(leftChild, rightChild, parents);
  checkCategories(tree, leftChild, splitType);
  const parameters = objectAt(tree['tree_param'], 'tree_param');
  oneOf(parameters['size_leaf_vector'], 'size_leaf_vector', ['0', '1']);
  oneOf(parameters['num_deleted'], 'num_deleted', ['0']);
  oneOf(parameters['num_nodes'], 'num_nodes', [String(nodes)]);
  oneOf(parameters['num_feature'], 'num_feature', [String(features)]);
  return { leftChild, splitFeature, gain };
}

/** Every node but the root is the child of exactly one node before it: a tree without loops. */
function checkShape(left: readonly number[], right: readonly number[], parents: readonly number[]): void {
  const hasParent = new Uint8Array(left.length);
  const depth = new Uint32Array(left.length);
  left.forEach((first, node) => {
    if ((depth[node] ?? 0) > DEPTH_MOST) throw new RangeError(`it is deeper than ${DEPTH_MOST} splits`);
    const second = right[node] ?? NO_CHILD;
    if ((first === NO_CHILD) !== (second === NO_CHILD)) throw new RangeError(`node ${node} has one child`);
    for (const child of first === NO_CHILD ? [] : [first, second]) {
      if (child <= node || hasParent[child] === 1 || parents[child] !== node)
        throw new RangeError(`node ${node} has a child that is not its own`);
      hasParent[child] = 1;
      depth[child] = (depth[node] ?? 0) + 1;
    }
  });
  if (hasParent[0] === 1 || parents[0] !== ROOT_PARENT || hasParent.subarray(1).includes(0))
    throw new RangeError('it has a node that is nobody’s child');
}

/** Each categorical split has a part of the list of categories, one after the other. */
function checkCategories(
  tree: Readonly<Record<string, unknown>>,
  leftChild: readonly number[],
  splitType: readonly number[],
): void {
  const isCategorical = (_: number, node: number): boolean =>
    splitType[node] === CATEGORICAL && leftChild[node] !== NO_CHILD;
  const expected = leftChild.map((_, node) => node).filter(isCategorical);
  const nodes = numbersAt(tree['categories_nodes'], 'categories_nodes', Number.isInteger, expected.length);
  const categories = numbersAt(tree['categories'], 'categories', wholeBetween(0, 2 ** 24 - 1));
  const isPlace = wholeBetween(0, categories.length);
  const starts = numbersAt(tree['categories_segments'], 'categories_segments', isPlace, expected.length);
  const sizes = numbersAt(tree['categories_sizes'], 'categories_sizes', isPlace, expected.length);
  let end = 0;
  let words = 0;
  expected.forEach((node, index) => {
    if (nodes[index] !== node || starts[index] !== end)
      throw new RangeError(`node ${node} has no categories of its own`);
    const start = end;
    end += sizes[index] ?? 0;
    const highest = categories.slice(start, end).reduce((most, code) => Math.max(most, code), 0);
    words += Math.floor(highest / 32) + 1;
  });
  if (words > CATEGORY_WORDS_MOST) throw new RangeError('its categories have codes that are too high');
  if (end !== categories.length) throw new RangeError('it has categories that no node has');
}
