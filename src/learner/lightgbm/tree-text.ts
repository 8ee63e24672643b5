/**
 * One tree of LightGBM's model text. Nodes that split are numbered 0 to leaves - 2, node 0 being the
 * root; a child below zero is the leaf `-child - 1`.
 */

/** A tree as arrays over its splitting nodes and over its leaves. */
export interface LightGbmTree {
  readonly leaves: number;
  /** Feature index, a splitting node. */
  readonly splitFeature: Int32Array;
  /** Largest value that goes left; for a categorical split, the index of its category set. */
  readonly threshold: Float64Array;
  /**
   * Bit 0: categorical; bit 1: missing goes left; bits 2-3: what counts as missing (0 nothing,
   * 1 zero, 2 NaN).
   */
  readonly decisionType: Uint8Array;
  readonly leftChild: Int32Array;
  readonly rightChild: Int32Array;
  /** Value added to the raw score, a leaf. */
  readonly leafValue: Float64Array;
  /** Training rows that reached the leaf. */
  readonly leafCount: Float64Array;
  /** Training rows that reached the splitting node. */
  readonly internalCount: Float64Array;
  /** Where each category set starts in `categoryBits`, and the end: sets + 1 values. */
  readonly categoryBoundaries: Int32Array;
  /** Sets of category codes that go left, 32 codes a word, the lowest code in the lowest bit. */
  readonly categoryBits: Uint32Array;
}

const CATEGORICAL = 1;
/** LightGBM's own bound on the leaves of a tree. */
const LEAVES_MOST = 131_072;
/** The library walks a tree by recursion where it explains; deeper ones could exceed its stack. */
const DEPTH_MOST = 4096;

const KEYS = new Set([
  'num_leaves',
  'num_cat',
  'split_feature',
  'split_gain',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'leaf_value',
  'leaf_weight',
  'leaf_count',
  'internal_value',
  'internal_weight',
  'internal_count',
  'cat_boundaries',
  'cat_threshold',
  'is_linear',
  'shrinkage',
]);

/** What the library reads as whole numbers: it would stop at a point or an exponent and go on within the number. */
const WHOLE_NUMBERS = /^(?:-?\d{1,10}(?: (?!$)|$))*$/;
const NUMBERS = /^(?:-?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|inf|nan)(?: (?!$)|$))*$/;

/**
 * Reads one block, from `Tree=<index>` to the empty lines at its end.
 *
 * @throws RangeError saying what is inconsistent.
 */
export function parseTree(block: string, index: number, features: number): LightGbmTree {
  const lines = readLines(block, index);
  const leaves = single(lines, 'num_leaves', 1, LEAVES_MOST);
  const sets = single(lines, 'num_cat', 0, LEAVES_MOST);
  if (lines.get('is_linear') !== '0') throw new RangeError('its leaves are not constants');
  const splits = leaves - 1;
  const boundaries = sets === 0 ? [0] : whole(lines, 'cat_boundaries', sets + 1, 0, 2 ** 26);
  const words = boundaries[sets] ?? 0;
  // A tree of one leaf has no training counts; LightGBM writes none or an empty line.
  const leafCount = leaves === 1 ? (lines.get('leaf_count') ?? '') : undefined;
  const tree: LightGbmTree = {
    leaves,
    splitFeature: Int32Array.from(whole(lines, 'split_feature', splits, 0, features - 1)),
    threshold: Float64Array.from(list(lines, 'threshold', splits)),
    decisionType: Uint8Array.from(whole(lines, 'decision_type', splits, 0, 11)),
    leftChild: Int32Array.from(whole(lines, 'left_child', splits, -leaves, splits - 1)),
    rightChild: Int32Array.from(whole(lines, 'right_child', splits, -leaves, splits - 1)),
    leafValue: Float64Array.from(list(lines, 'leaf_value', leaves)),
    leafCount:
      leafCount === ''
        ? new Float64Array(1)
        : Float64Array.from(whole(lines, 'leaf_count', leaves, 0, 2 ** 31 - 1)),
    internalCount: Float64Array.from(whole(lines, 'internal_count', splits, 0, 2 ** 31 - 1)),
    categoryBoundaries: Int32Array.from(boundaries),
    categoryBits: Uint32Array.from(sets === 0 ? [] : whole(lines, 'cat_threshold', words, 0, 2 ** 32 - 1)),
  };
  for (const key of ['split_gain', 'internal_value', 'internal_weight']) list(lines, key, splits);
  list(lines, 'shrinkage', 1);
  if (leaves > 1 || (lines.get('leaf_weight') ?? '') !== '') list(lines, 'leaf_weight', leaves);
  if (tree.leafValue.some((value) => !Number.isFinite(value))) {
    throw new RangeError("'leaf_value' has a value that is not a number");
  }
  checkCategories(tree, sets);
  checkShape(tree);
  return tree;
}

/** Every node but the root is the child of exactly one node before it: a tree without loops. */
function checkShape(tree: LightGbmTree): void {
  const splits = tree.leaves - 1;
  const hasParent = new Uint8Array(splits + tree.leaves);
  const depth = new Uint32Array(splits);
  for (let node = 0; node < splits; node++) {
    if ((depth[node] ?? 0) > DEPTH_MOST) throw new RangeError(`it is deeper than ${DEPTH_MOST} splits`);
    for (const child of [tree.leftChild[node] ?? 0, tree.rightChild[node] ?? 0]) {
      const place = child < 0 ? splits - child - 1 : child;
      if ((child >= 0 && child <= node) || hasParent[place] === 1) {
        throw new RangeError(`node ${node} has a child that is not its own`);
      }
      hasParent[place] = 1;
      if (child >= 0) depth[child] = (depth[node] ?? 0) + 1;
    }
  }
}

function checkCategories(tree: LightGbmTree, sets: number): void {
  const { categoryBoundaries: boundaries, threshold, decisionType } = tree;
  if (boundaries.some((value, set) => (set === 0 ? value !== 0 : value < (boundaries[set - 1] ?? 0)))) {
    throw new RangeError("'cat_boundaries' does not ascend from 0");
  }
  threshold.forEach((value, node) => {
    const isCategorical = ((decisionType[node] ?? 0) & CATEGORICAL) !== 0;
    if (isCategorical ? !(Number.isInteger(value) && value >= 0 && value < sets) : Number.isNaN(value)) {
      throw new RangeError(`node ${node} has no usable threshold`);
    }
  });
}

function readLines(block: string, index: number): Map<string, string> {
  const [title, ...rest] = block.replace(/\n+$/, '').split('\n');
  if (title !== `Tree=${index}` || !block.endsWith('\n'))
    throw new RangeError('it does not start where it should');
  const lines = new Map<string, string>();
  for (const line of rest) {
    const at = line.indexOf('=');
    const key = line.slice(0, Math.max(at, 0));
    if (!KEYS.has(key) || lines.has(key)) throw new RangeError(`it has the line '${line.slice(0, 60)}'`);
    lines.set(key, line.slice(at + 1));
  }
  return lines;
}

function list(lines: ReadonlyMap<string, string>, key: string, length: number): number[] {
  const text = lines.get(key) ?? '';
  if (!NUMBERS.test(text)) throw new RangeError(`'${key}' is not a list of numbers`);
  const values = text === '' ? [] : text.split(' ').map(toNumber);
  if (values.length !== length)
    throw new RangeError(`'${key}' has ${values.length} values, expected ${length}`);
  return values;
}

function whole(
  lines: ReadonlyMap<string, string>,
  key: string,
  length: number,
  least: number,
  most: number,
): number[] {
  if (!WHOLE_NUMBERS.test(lines.get(key) ?? ''))
    throw new RangeError(`'${key}' is not a list of whole numbers`);
  return list(lines, key, length).map((value) => requireWhole(key, value, least, most));
}

function single(lines: ReadonlyMap<string, string>, key: string, least: number, most: number): number {
  return whole(lines, key, 1, least, most)[0] ?? least;
}

function requireWhole(key: string, value: number | undefined, least: number, most: number): number {
  if (value === undefined || !Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`'${key}' has the value ${value}`);
  }
  return value;
}

/** C's spelling of a double: infinite thresholds are written `inf`, which Number() does not read. */
function toNumber(text: string): number {
  if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return text.endsWith('nan') ? NaN : Number(text);
}
