/**
 * How the compiled trees lie in the kernel's memory: what `program.ts` writes and `kernel.ts` reads.
 *
 * A tree is a row of node records, one a splitting node, parents before their children: first the nodes
 * that have a splitting child ("inner"), then those whose children are both leaves ("outer"). A record is a
 * header and constants; each constant is one number for each quadrature point, by state:
 *
 *   header | edge: state of the parent x (factor, weight) | own: own state x (leaf factor, leaf weight)
 *
 * The state of a node, for a row, is a byte offset into such a table: it goes left, it goes right, or a
 * split further up on the same feature has already sent the row away from this path ("away").
 */

/** Doubles that one vector of the processor holds. */
export const LANES = 2;
export const DOUBLE_BYTES = 8;
export const VECTOR_BYTES = LANES * DOUBLE_BYTES;

/** Offsets of the fields of a header, in bytes. All are 32-bit integers but the threshold, a double. */
export const FIELD = {
  /** Offset of the value in the row of readings. */
  value: 0,
  /** 1 where a missing value goes left. */
  missingLeft: 4,
  threshold: 8,
  /** 32-bit words of the set of categories that go left; 0 for a numeric split. */
  categoryWords: 16,
  categoryBits: 20,
  /** Slot of the last node further up on the same feature, slot 0 where there is none. */
  previousSlot: 24,
  /** The state that node must be in for the row to be on this path. */
  previousState: 28,
  parentSlot: 32,
  /** Offset of the feature's sum in the row of sums. */
  ownSum: 36,
  parentSum: 40,
} as const;
export const HEADER_BYTES = 64;

/** States a node can be in: left, right, away. */
export const STATES = 3;

/** Sizes that follow from the number of vectors it takes to hold one number a quadrature point. */
export interface TreeLayout {
  /** Bytes of one number a point. */
  readonly numbers: number;
  /** Bytes of a pair of them, the step from one state to the next. */
  readonly state: number;
  /** Offset of the edge's and of the own constants in a record. */
  readonly edge: number;
  readonly own: number;
  readonly record: number;
  /**
   * A slot of working memory, one an inner node, after slot 0, which stands above the root: products from
   * the root down, sums from the leaves up, the state.
   */
  readonly slot: {
    readonly product: 0;
    readonly sum: number;
    readonly state: number;
    readonly bytes: number;
  };
}

export function treeLayout(vectors: number): TreeLayout {
  const numbers = vectors * VECTOR_BYTES;
  const state = 2 * numbers;
  return {
    numbers,
    state,
    edge: HEADER_BYTES,
    own: HEADER_BYTES + STATES * state,
    record: HEADER_BYTES + 2 * STATES * state,
    slot: { product: 0, sum: numbers, state: 2 * numbers, bytes: 2 * numbers + VECTOR_BYTES },
  };
}
