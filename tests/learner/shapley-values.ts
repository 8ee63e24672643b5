import { rowsOf, type SplitSketch, type TreeSketch } from './model-text.ts';

/**
 * Path-dependent Shapley values of a row by their definition, over all subsets of features, with the base
 * (the value of the empty subset) last. For a handful of features.
 */
export function shapleyValues(trees: readonly TreeSketch[], row: readonly number[]): number[] {
  const subsets = 2 ** row.length;
  const expected = Array.from({ length: subsets }, (_, known) =>
    trees.reduce((sum, tree) => sum + expectation(tree, row, known), 0),
  );
  const contributions = row.map((_, feature) => {
    let sum = 0;
    for (let known = 0; known < subsets; known++) {
      if ((known & (1 << feature)) !== 0) continue;
      const size = row.filter((_value, other) => (known & (1 << other)) !== 0).length;
      const orders = (factorial(size) * factorial(row.length - size - 1)) / factorial(row.length);
      sum += orders * ((expected[known | (1 << feature)] ?? NaN) - (expected[known] ?? NaN));
    }
    return sum;
  });
  return [...contributions, expected[0] ?? NaN];
}

/** Mean of a tree when only the features of the bit set `known` are, the others as the training rows went. */
function expectation(tree: TreeSketch, row: readonly number[], known: number): number {
  if ('value' in tree) return tree.value;
  const [onLeft, onRight] = tree.children;
  if ((known & (1 << tree.feature)) !== 0) {
    return expectation(goesLeft(tree, row[tree.feature] ?? NaN) ? onLeft : onRight, row, known);
  }
  const rows = rowsOf(tree);
  const share = rows === 0 ? 1 / 2 : rowsOf(onLeft) / rows;
  return share * expectation(onLeft, row, known) + (1 - share) * expectation(onRight, row, known);
}

function goesLeft({ left, missing }: SplitSketch, value: number): boolean {
  if (typeof left !== 'number') {
    return value > -1 && value < 2 ** 31 && left.includes(Math.trunc(value) + 0);
  }
  const isZero = Math.abs(value) <= Math.fround(1e-35);
  if (missing.is === 'nan' && Number.isNaN(value)) return missing.goesLeft;
  if (missing.is === 'zero' && (isZero || Number.isNaN(value))) return missing.goesLeft;
  return (isZero || Number.isNaN(value) ? 0 : value) <= left;
}

const factorial = (count: number): number => (count <= 1 ? 1 : count * factorial(count - 1));
