/**
 * How trees lie in memory to be walked without a branch.
 *
 * A node is 16 bytes: a double, the offset of what it reads, and the address of its left child, which its right one
 * follows. Every split asks one thing: is what I read at most my double? What a row holds is brought into that form
 * once (`columns.ts`). A leaf holds its value, reads minus infinity and has itself as its left child, so that a walk of
 * as many steps as the tree is deep ends at a leaf whatever the path.
 */
import type { LightGbmModel, LightGbmTree } from '../lightgbm/index.ts';
import { type Columns, offsetOf, planColumns } from './columns.ts';

export const NODE = { bytes: 16, number: 0, reading: 8, left: 12 } as const;
/** A record of a tree: address of its root, and its depth. */
export const TREE = { bytes: 8, root: 0, depth: 4 } as const;

/** Deeper trees would walk far past most of their leaves. */
const DEPTH_MOST = 24;
/** Larger tables are in no cache. */
const BYTES_MOST = 2 ** 26;

/** A model laid out; all addresses are known before anything is written. */
export interface ScorePlan {
  readonly model: LightGbmModel;
  readonly columns: Columns;
  /** Address of the records of trees; the readings lie before them. */
  readonly trees: number;
  readonly nodes: number;
  readonly bytes: number;
}

/** Lays a model out; undefined for one that this way is not made for. */
export function planScores(model: LightGbmModel): ScorePlan | undefined {
  if (model.trees.some((tree) => depthOf(tree) > DEPTH_MOST)) return undefined;
  const columns = planColumns(model);
  const trees = columns.bytes;
  const nodes = Math.ceil((trees + model.trees.length * TREE.bytes) / NODE.bytes) * NODE.bytes;
  const bytes = model.trees.reduce((sum, { leaves }) => sum + (2 * leaves - 1) * NODE.bytes, nodes);
  return bytes > BYTES_MOST ? undefined : { model, columns, trees, nodes, bytes };
}

/** Writes records and nodes. */
export function writeTrees({ model, columns, trees, nodes }: ScorePlan, memory: ArrayBufferLike): void {
  const view = new DataView(memory);
  let free = nodes;
  const write = (address: number, number: number, reading: number, left: number): void => {
    view.setFloat64(address + NODE.number, number, true);
    view.setInt32(address + NODE.reading, reading, true);
    view.setInt32(address + NODE.left, left, true);
  };
  model.trees.forEach((tree, index) => {
    const root = free;
    free += NODE.bytes;
    view.setInt32(trees + index * TREE.bytes + TREE.root, root, true);
    view.setInt32(trees + index * TREE.bytes + TREE.depth, depthOf(tree), true);
    // Level by level, so that the nodes of the first steps lie side by side.
    const waiting = [{ child: tree.leaves === 1 ? -1 : 0, address: root }];
    for (const { child, address } of waiting) {
      if (child < 0) {
        write(address, tree.leafValue[-child - 1] as number, columns.always, address);
        continue;
      }
      const left = free;
      free += 2 * NODE.bytes;
      const { offset, threshold } = offsetOf(columns, tree, child);
      write(address, threshold, offset, left);
      waiting.push(
        { child: tree.leftChild[child] as number, address: left },
        { child: tree.rightChild[child] as number, address: left + NODE.bytes },
      );
    }
  });
}

/** Splits on the longest path. */
function depthOf(tree: LightGbmTree): number {
  const depths = new Uint32Array(tree.leaves);
  let deepest = 0;
  // Children come after their parents.
  for (let node = 0; node < tree.leaves - 1; node += 1) {
    const own = (depths[node] as number) + 1;
    deepest = Math.max(deepest, own);
    for (const child of [tree.leftChild[node] as number, tree.rightChild[node] as number])
      if (child >= 0) depths[child] = own;
  }
  return deepest;
}
