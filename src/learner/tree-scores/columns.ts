/**
 * A row in the form that splits ask for: columns of doubles of which each split compares one with its own number.
 *
 * A numeric split reads its feature as LightGBM does (`readings.ts`), with minus infinity for a missing value that goes
 * left; NaN is at most nothing and goes right. A categorical split reads a column of its own set of categories, which
 * holds minus infinity for a category of the set and NaN for any other. Columns of sets are not computed for a row but
 * copied: they lie ready for every category of the feature.
 */
import type { LightGbmModel, LightGbmTree } from '../lightgbm/index.ts';
import { isCategorical, read, readingOf, sendsMissingLeft } from '../tree-shap/readings.ts';

const DOUBLE_BYTES = 8;
/** Doubles of ready columns that are kept at most, of all features together. */
const READY_MOST = 2 ** 21;

interface NumberColumn {
  readonly feature: number;
  readonly way: 'number' | 'zero_is_missing';
  readonly isMissingLeft: boolean;
}

/** The sets that splits on one feature have. */
interface CategoryColumns {
  readonly feature: number;
  /** The first of its columns. */
  readonly from: number;
  readonly sets: Map<string, Uint32Array>;
}

export interface Columns {
  readonly numbers: readonly NumberColumn[];
  readonly categories: readonly CategoryColumns[];
  /** Offset of the column that is minus infinity always. */
  readonly always: number;
  /** Place of a column, by `keyOf`. */
  readonly places: ReadonlyMap<string, number>;
  readonly bytes: number;
}

/** The columns that the splits of a model read. */
export function planColumns(model: LightGbmModel): Columns {
  const numbers = new Map<string, NumberColumn>();
  const sets = new Map<number, Map<string, Uint32Array>>();
  for (const tree of model.trees)
    for (let node = 0; node < tree.leaves - 1; node += 1) {
      const { feature, way } = readingOf(tree, node);
      const key = keyOf(tree, node);
      if (way === 'category') {
        const own = sets.get(feature) ?? new Map<string, Uint32Array>();
        sets.set(feature, own.set(key, wordsOf(tree, node)));
      } else numbers.set(key, { feature, way, isMissingLeft: sendsMissingLeft(tree, node) });
    }
  // Column 0 is that of leaves.
  const places = new Map([...numbers.keys()].map((key, index) => [key, index + 1]));
  let from = numbers.size + 1;
  const categories = [...sets].map(([feature, own]) => {
    [...own.keys()].forEach((key, index) => places.set(key, from + index));
    const columns = { feature, from, sets: own };
    from += own.size;
    return columns;
  });
  return { numbers: [...numbers.values()], categories, always: 0, places, bytes: from * DOUBLE_BYTES };
}

/** What a split reads, and what it compares that with. */
export function offsetOf(
  { places }: Columns,
  tree: LightGbmTree,
  node: number,
): { readonly offset: number; readonly threshold: number } {
  const offset = (places.get(keyOf(tree, node)) as number) * DOUBLE_BYTES;
  return { offset, threshold: isCategorical(tree, node) ? 0 : (tree.threshold[node] as number) };
}

function keyOf(tree: LightGbmTree, node: number): string {
  const { feature, way } = readingOf(tree, node);
  const what = way === 'category' ? wordsOf(tree, node).join(',') : String(sendsMissingLeft(tree, node));
  return `${way}:${String(feature)}:${what}`;
}

function wordsOf(tree: LightGbmTree, node: number): Uint32Array {
  const set = tree.threshold[node] as number;
  return tree.categoryBits.subarray(tree.categoryBoundaries[set], tree.categoryBoundaries[set + 1]);
}

/** Writes the columns of a row. */
export type ColumnWriter = (row: Float64Array) => void;

/** A writer into memory from address 0; undefined where too many ready columns would be kept. */
export function columnWriter(
  { numbers, categories, bytes }: Columns,
  memory: ArrayBufferLike,
): ColumnWriter | undefined {
  const columns = new Float64Array(memory, 0, bytes / DOUBLE_BYTES);
  columns[0] = -Infinity;
  const ready = categories.map(readyColumns);
  if (ready.reduce((sum, { values }) => sum + values.length, 0) > READY_MOST) return undefined;
  return (row) => {
    for (let index = 0; index < numbers.length; index += 1) {
      const { feature, way, isMissingLeft } = numbers[index] as NumberColumn;
      const value = read(row[feature] as number, way);
      columns[index + 1] = isMissingLeft && Number.isNaN(value) ? -Infinity : value;
    }
    for (const { feature, from, codes, own } of ready) {
      const code = read(row[feature] as number, 'category');
      columns.set(own[code >= 0 && code < codes ? code : codes] as Float64Array, from);
    }
  };
}

/** For each code the columns of all sets; those of no category last. */
function readyColumns({ feature, from, sets }: CategoryColumns) {
  const all = [...sets.values()];
  const codes = 32 * Math.max(...all.map(({ length }) => length));
  const values = new Float64Array((codes + 1) * all.length).fill(Number.NaN);
  all.forEach((words, set) => {
    for (let code = 0; code < 32 * words.length; code += 1)
      if (((words[code >> 5] as number) >>> (code & 31)) & 1) values[code * all.length + set] = -Infinity;
  });
  const own = Array.from({ length: codes + 1 }, (_, code) =>
    values.subarray(code * all.length, (code + 1) * all.length),
  );
  return { feature, from, codes, own, values };
}
