/**
 * Compiles trees into the tables from which the kernel computes Shapley values.
 *
 * A leaf of value v gives to feature i the mean, over all orders of the features on its path, of
 * `v (o_i - z_i) * product over the features j before i of o_j * product over those after i of z_j`:
 * o_j is 1 where the row satisfies the path's splits on j and else 0, z_j the share of training rows that
 * do (Lundberg et al., arXiv 1802.03888, the "path-dependent" values that LightGBM gives). The mean over
 * orders is the integral over t in [0, 1] of `v (o_i - z_i) * product over j other than i of
 * (z_j + (o_j - z_j) t)`: t is the chance that a feature comes before i (Owen's diagonal formula,
 * Management Science 18, 1972). The integrand is a polynomial of degree d - 1 for d features, so that
 * Gauss-Legendre quadrature with d/2 points (rounded up) gives it exactly. (Yu et al., arXiv 2209.08192,
 * evaluate polynomials at fixed points for the same sums.)
 *
 * With `F_j = z_j + (o_j - z_j) t` and `g_j = (o_j - z_j) / F_j`, feature i gets the sum over leaves of
 * `v g_i * product over all j of F_j`. Going down an edge that splits on j multiplies the product by
 * F_j / F'_j, where the prime is what the splits on j further up gave (1 at first); on the way back up the
 * sum over the leaves below the edge counts `g_j - g'_j` times for j. Since o is 0 or 1, each of these
 * numbers has one of three values an edge, known in advance for each point t; the weights of the points are
 * in them. Leaves are folded into the node they hang on.
 */
import type { LightGbmModel, LightGbmTree } from '../lightgbm/index.ts';
import { DOUBLE_BYTES, FIELD, LANES, STATES, type TreeLayout, treeLayout, VECTOR_BYTES } from './layout.ts';
import {
  childOf,
  LEFT,
  type PlacedNode,
  type Placement,
  placeNodes,
  RIGHT,
  shareOf,
  type Side,
} from './placement.ts';
import { gaussLegendre, type Quadrature } from './quadrature.ts';
import { isCategorical, type Reading, readingOf, sendsMissingLeft } from './readings.ts';

/** Most distinct features on one path for which the kernel is made. */
const PATH_MOST = 64;
/** Most bytes of tables; a model of 200 trees of 63 leaves and depth 7 takes 5.5 million. */
const TABLE_BYTES_MOST = 2 ** 30;

/** One tree in the kernel's memory. */
export interface TreeProgram {
  readonly vectors: number;
  /** Address of the first record. */
  readonly nodes: number;
  readonly inner: number;
  readonly outer: number;
}

/** A model in the kernel's memory, in the form that crosses threads. */
export interface Program {
  readonly features: number;
  /** Mean raw score of the training rows: what contributions add to. */
  readonly base: number;
  readonly readings: readonly Reading[];
  readonly trees: readonly TreeProgram[];
  /** Bytes of all records and category sets, from address 0. */
  readonly bytes: number;
  /** Slots of working memory that the largest tree takes, in bytes. */
  readonly slotBytes: number;
}

/** What `planProgram` has measured and `writeProgram` writes. */
export interface ProgramPlan {
  readonly program: Program;
  readonly placed: readonly { readonly tree: LightGbmTree; readonly placement: Placement }[];
}

/**
 * Lays a model out. Undefined when a path splits on more than PATH_MOST features or the tables would take
 * too much memory.
 */
export function planProgram(model: LightGbmModel): ProgramPlan | undefined {
  const placed = model.trees.map((tree) => ({ tree, placement: placeNodes(tree) }));
  if (placed.some(({ placement }) => placement.longestPath > PATH_MOST)) return undefined;
  const readings: Reading[] = [];
  const known = new Set<string>();
  let bytes = 0;
  let slotBytes = 0;
  const trees = placed.map(({ tree, placement }): TreeProgram => {
    const vectors = Math.max(1, Math.ceil(placement.longestPath / 2 / LANES));
    const layout = treeLayout(vectors);
    const nodes = bytes;
    bytes += (placement.inner.length + placement.outer.length) * layout.record + categoryBytes(tree);
    slotBytes = Math.max(slotBytes, (placement.inner.length + 1) * layout.slot.bytes);
    for (let node = 0; node < tree.leaves - 1; node++) {
      const reading = readingOf(tree, node);
      if (known.has(keyOf(reading))) continue;
      known.add(keyOf(reading));
      readings.push(reading);
    }
    return { vectors, nodes, inner: placement.inner.length, outer: placement.outer.length };
  });
  if (bytes > TABLE_BYTES_MOST) return undefined;
  const base = model.trees.reduce((sum, tree) => sum + meanOf(tree), 0);
  return { program: { features: model.features, base, readings, trees, bytes, slotBytes }, placed };
}

const keyOf = ({ feature, way }: Reading): string => `${way}:${feature}`;

/** Mean value of a tree's leaves over the training rows. */
function meanOf(tree: LightGbmTree): number {
  const means = new Float64Array(tree.leaves - 1);
  const meanBelow = (child: number): number =>
    (child < 0 ? tree.leafValue[-child - 1] : means[child]) as number;
  // Children come after their parents.
  for (let node = tree.leaves - 2; node >= 0; node--) {
    const [left, right] = ([LEFT, RIGHT] as const).map(
      (side) => shareOf(tree, node, side) * meanBelow(childOf(tree, node, side)),
    ) as [number, number];
    means[node] = left + right;
  }
  return meanBelow(tree.leaves === 1 ? -1 : 0);
}

/** Room for a tree's category sets, each with at least one word, in whole vectors. */
function categoryBytes(tree: LightGbmTree): number {
  const words = tree.categoryBits.length + tree.categoryBoundaries.length;
  return tree.categoryBoundaries.length === 1 ? 0 : Math.ceil((words * 4) / VECTOR_BYTES) * VECTOR_BYTES;
}

/** Writes the tables of the trees `from` to `to` of a plan into memory, where address 0 is that of the first tree. */
export function writeProgram(
  { program, placed }: ProgramPlan,
  memory: ArrayBufferLike,
  from: number,
  to: number,
): void {
  const columns = new Map(program.readings.map((reading, column) => [keyOf(reading), column]));
  program.trees.slice(from, to).forEach((treeProgram, index) => {
    const { tree, placement } = placed[from + index] as ProgramPlan['placed'][number];
    const layout = treeLayout(treeProgram.vectors);
    const quadrature = gaussLegendre(treeProgram.vectors * LANES);
    const records = [...placement.inner, ...placement.outer];
    const bitsStart = treeProgram.nodes + records.length * layout.record;
    records.forEach((placed, record) => {
      const address = treeProgram.nodes + record * layout.record;
      const header = new DataView(memory, address, layout.edge);
      const write = (field: keyof typeof FIELD, value: number): void => {
        header.setInt32(FIELD[field], value, true);
      };
      const { node, parent, previous } = placed;
      write('value', (columns.get(keyOf(readingOf(tree, node))) as number) * DOUBLE_BYTES);
      if (isCategorical(tree, node)) writeCategories(tree, node, bitsStart, memory, write);
      else {
        write('missingLeft', Number(sendsMissingLeft(tree, node)));
        header.setFloat64(FIELD.threshold, tree.threshold[node] as number, true);
      }
      write('previousSlot', (previous?.placed.slot ?? 0) * layout.slot.bytes);
      write('previousState', (previous?.side ?? LEFT) * layout.state);
      write('parentSlot', (parent?.placed.slot ?? 0) * layout.slot.bytes);
      write('ownSum', placed.feature * VECTOR_BYTES);
      // What the root hands up belongs to no feature: it goes beside their sums.
      write('parentSum', (parent?.placed.feature ?? program.features) * VECTOR_BYTES);
      const constants = new Float64Array(
        memory,
        address + layout.edge,
        (2 * STATES * layout.state) / DOUBLE_BYTES,
      );
      writeConstants(tree, placed, quadrature, constants, layout);
    });
  });
}

function writeCategories(
  tree: LightGbmTree,
  node: number,
  bitsStart: number,
  memory: ArrayBufferLike,
  write: (field: 'categoryWords' | 'categoryBits', value: number) => void,
): void {
  const set = tree.threshold[node] as number;
  const from = tree.categoryBoundaries[set] as number;
  const words = tree.categoryBits.subarray(from, tree.categoryBoundaries[set + 1]);
  // A word more for each set before, so that an empty one has its word of zeros.
  const address = bitsStart + (from + set) * Uint32Array.BYTES_PER_ELEMENT;
  new Uint32Array(memory, address, words.length).set(words);
  write('categoryBits', address);
  write('categoryWords', words.length + 1);
}

/** Factor and weight of an edge at one point, by the state of the node it starts from. */
interface EdgeNumbers {
  readonly factor: number;
  readonly weight: number;
}

/** `side` is that of the edge below the node; `state` one of LEFT, RIGHT and, at last, away. */
function edgeNumbers(
  tree: LightGbmTree,
  { node, shareAbove }: PlacedNode,
  side: Side,
  state: number,
  point: number,
): EdgeNumbers {
  const ownShare = shareOf(tree, node, side);
  if (state !== LEFT && state !== RIGHT) return { factor: ownShare, weight: 0 };
  const share = shareAbove * ownShare;
  const above = shareAbove + (1 - shareAbove) * point;
  const weightAbove = (1 - shareAbove) / above;
  if (state !== side) {
    return { factor: (share * (1 - point)) / above, weight: -1 / (1 - point) - weightAbove };
  }
  const here = share + (1 - share) * point;
  return { factor: here / above, weight: (1 - share) / here - weightAbove };
}

function writeConstants(
  tree: LightGbmTree,
  placed: PlacedNode,
  { points, weights }: Quadrature,
  out: Float64Array,
  layout: TreeLayout,
): void {
  const ownStart = (layout.own - layout.edge) / DOUBLE_BYTES;
  const [stateStep, numbers] = [layout.state / DOUBLE_BYTES, layout.numbers / DOUBLE_BYTES];
  for (let state = 0; state < STATES; state++) {
    points.forEach((point, index) => {
      const weightOfPoint = weights[index] as number;
      const at = state * stateStep + index;
      const { parent } = placed;
      const edge =
        parent === undefined
          ? { factor: 1, weight: 0 }
          : edgeNumbers(tree, parent.placed, parent.side, state, point);
      out[at] = edge.factor;
      out[at + numbers] = edge.weight * weightOfPoint;
      for (const side of [LEFT, RIGHT] as const) {
        const child = childOf(tree, placed.node, side);
        if (child >= 0) continue;
        const { factor, weight } = edgeNumbers(tree, placed, side, state, point);
        const value = factor * (tree.leafValue[-child - 1] as number);
        out[ownStart + at] = (out[ownStart + at] as number) + value;
        out[ownStart + at + numbers] =
          (out[ownStart + at + numbers] as number) + value * weight * weightOfPoint;
      }
    });
  }
}
