/** The splitting nodes of a tree in the order of their records, each with what lies above it. */
import type { LightGbmTree } from '../lightgbm/index.ts';

/** Sides of a split, which are also the first two states of a node. */
export const LEFT = 0;
export const RIGHT = 1;
export type Side = typeof LEFT | typeof RIGHT;

/** A splitting node and its place. Slots count from 1, in the order of the inner nodes. */
export interface PlacedNode {
  /** Index in the tree. */
  readonly node: number;
  readonly feature: number;
  /** Slot of the node itself; undefined for an outer node, both of whose children are leaves. */
  readonly slot: number | undefined;
  /** The node above it and the side it hangs on; undefined for the root. */
  readonly parent: { readonly placed: PlacedNode; readonly side: Side } | undefined;
  /** The last split further up on the same feature, and the side this path takes there. */
  readonly previous: { readonly placed: PlacedNode; readonly side: Side } | undefined;
  /**
   * Share of the training rows that the splits further up on this feature let through on this path: the
   * product, over those splits, of the child's rows over the node's. 1 without such a split.
   */
  readonly shareAbove: number;
}

export interface Placement {
  readonly inner: readonly PlacedNode[];
  readonly outer: readonly PlacedNode[];
  /** Most distinct features that any path from the root to a leaf splits on. */
  readonly longestPath: number;
}

/** Training rows that reached a child, as nodes name their children. */
function rowsOf(tree: LightGbmTree, child: number): number {
  return (child < 0 ? tree.leafCount[-child - 1] : tree.internalCount[child]) as number;
}

export function childOf(tree: LightGbmTree, node: number, side: Side): number {
  return (side === LEFT ? tree.leftChild[node] : tree.rightChild[node]) as number;
}

/** Share of a node's training rows that went to one side; a half where no row reached the node. */
export function shareOf(tree: LightGbmTree, node: number, side: Side): number {
  const rows = rowsOf(tree, node);
  return rows === 0 ? 1 / 2 : rowsOf(tree, childOf(tree, node, side)) / rows;
}

export function placeNodes(tree: LightGbmTree): Placement {
  const inner: PlacedNode[] = [];
  const outer: PlacedNode[] = [];
  let longestPath = 0;
  interface Step {
    readonly node: number;
    readonly parent: PlacedNode['parent'];
    readonly distinct: number;
  }
  const waiting: Step[] = tree.leaves === 1 ? [] : [{ node: 0, parent: undefined, distinct: 0 }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const { node, parent } = step;
    const feature = tree.splitFeature[node] as number;
    const previous = findPrevious(feature, parent);
    const distinct = step.distinct + (previous === undefined ? 1 : 0);
    longestPath = Math.max(longestPath, distinct);
    const splits = ([RIGHT, LEFT] as const).filter((side) => childOf(tree, node, side) >= 0);
    const placed: PlacedNode = {
      node,
      feature,
      slot: splits.length === 0 ? undefined : inner.length + 1,
      parent,
      previous,
      shareAbove:
        previous === undefined
          ? 1
          : previous.placed.shareAbove * shareOf(tree, previous.placed.node, previous.side),
    };
    (splits.length === 0 ? outer : inner).push(placed);
    for (const side of splits) {
      waiting.push({ node: childOf(tree, node, side), parent: { placed, side }, distinct });
    }
  }
  return { inner, outer, longestPath };
}

function findPrevious(feature: number, parent: PlacedNode['parent']): PlacedNode['previous'] {
  for (let above = parent; above !== undefined; above = above.placed.parent) {
    if (above.placed.feature === feature) return above;
  }
  return undefined;
}
