/** Model texts made by hand, for trees that no training would grow. */

/** A leaf or a split; `rows` are training rows that reached it. */
export type TreeSketch = LeafSketch | SplitSketch;

interface LeafSketch {
  readonly value: number;
  readonly rows: number;
}

export interface SplitSketch {
  readonly feature: number;
  /** Largest number that goes left, or the category codes that do. */
  readonly left: number | readonly number[];
  /** Where missing values go, and what counts as missing. */
  readonly missing: { readonly goesLeft: boolean; readonly is: 'nothing' | 'zero' | 'nan' };
  readonly children: readonly [TreeSketch, TreeSketch];
}

const MISSING_TYPES = ['nothing', 'zero', 'nan'] as const;

export function rowsOf(tree: TreeSketch): number {
  return 'value' in tree ? tree.rows : rowsOf(tree.children[0]) + rowsOf(tree.children[1]);
}

/** The text of a model with these trees over `features` features. */
export function modelText(features: number, trees: readonly TreeSketch[]): string {
  const blocks = trees.map((tree, index) => `${treeText(tree, index)}\n\n`);
  const names = Array.from({ length: features }, (_, index) => `f${index}`);
  return [
    'tree',
    'version=v4',
    'num_class=1',
    'num_tree_per_iteration=1',
    'label_index=0',
    `max_feature_idx=${features - 1}`,
    'objective=binary sigmoid:1',
    `feature_names=${names.join(' ')}`,
    `feature_infos=${names.map(() => '[0:1]').join(' ')}`,
    `tree_sizes=${blocks.map((block) => block.length).join(' ')}`,
    '',
    `${blocks.join('')}end of trees`,
    '',
    'feature_importances:',
    '',
    'parameters:',
    'end of parameters',
    '',
  ].join('\n');
}

function treeText(root: TreeSketch, index: number): string {
  const splits: SplitSketch[] = [];
  const leaves: LeafSketch[] = [];
  const children: [number[], number[]] = [[], []];
  const place = (tree: TreeSketch): number => {
    if ('value' in tree) return -leaves.push(tree);
    const node = splits.push(tree) - 1;
    children[0][node] = place(tree.children[0]);
    children[1][node] = place(tree.children[1]);
    return node;
  };
  place(root);
  const words: number[] = [];
  const boundaries = [0];
  const thresholds = splits.map(({ left }) => {
    if (typeof left === 'number') return left;
    const set = Array.from({ length: Math.floor(Math.max(0, ...left) / 32) + 1 }, () => 0);
    for (const code of left) set[code >> 5] = ((set[code >> 5] ?? 0) | (1 << (code & 31))) >>> 0;
    words.push(...set);
    return boundaries.push(words.length) - 2;
  });
  const zeros = splits.map(() => 0);
  const lines: [string, readonly (number | string)[]][] = [
    ['num_leaves', [leaves.length]],
    ['num_cat', [boundaries.length - 1]],
    ['split_feature', splits.map(({ feature }) => feature)],
    ['split_gain', zeros],
    ['threshold', thresholds.map((value) => String(value).replace('Infinity', 'inf'))],
    ['decision_type', splits.map(decisionType)],
    ['left_child', children[0]],
    ['right_child', children[1]],
    ['leaf_value', leaves.map(({ value }) => value)],
    ['leaf_weight', leaves.map(() => 0)],
    ['leaf_count', leaves.map(({ rows }) => rows)],
    ['internal_value', zeros],
    ['internal_weight', zeros],
    ['internal_count', splits.map(rowsOf)],
    ...(words.length === 0
      ? []
      : ([
          ['cat_boundaries', boundaries],
          ['cat_threshold', words],
        ] as const)),
    ['is_linear', [0]],
    ['shrinkage', [1]],
  ].map(([key, values]) => [key, values] as [string, readonly (number | string)[]]);
  return [`Tree=${index}`, ...lines.map(([key, values]) => `${key}=${values.join(' ')}`)].join('\n');
}

function decisionType({ left, missing }: SplitSketch): number {
  if (typeof left !== 'number') return 1;
  return (missing.goesLeft ? 2 : 0) | (MISSING_TYPES.indexOf(missing.is) << 2);
}
