/**
 * The inner loop: contributions of one tree to a block of rows, in WebAssembly with two doubles a vector.
 * What is computed, and why, stands in `program.ts`.
 */
import {
  type AssembledFunction,
  assembleModule,
  type Code,
  f64,
  f64x2,
  i32,
  ifElse,
  type Local,
  Locals,
  repeat,
  select,
} from './assembler.ts';
import { FIELD, STATES, treeLayout, VECTOR_BYTES } from './layout.ts';

/**
 * Adds the contributions of a tree. `nodes` is the address of its records, `inner` and `outer` count them;
 * `values` and `sums` are addresses of the first row's readings and sums, with the bytes from one row to
 * the next; `slots` is the address of working memory that `prepareSlots` has made ready.
 */
export type TreeKernel = (
  nodes: number,
  inner: number,
  outer: number,
  rows: number,
  values: number,
  valuesBytes: number,
  sums: number,
  sumsBytes: number,
  slots: number,
) => void;

/** The name of the function for trees of so many vectors. */
export const kernelName = (vectors: number): string => `explain${vectors}`;

/** A module with a function for each number of vectors, over a shared memory of `pages` pages. */
export function kernelModule(vectors: readonly number[], pages: number): Uint8Array<ArrayBuffer> {
  return assembleModule(vectors.map(kernelFunction), pages);
}

/** Writes slot 0, the place above the root: an empty product, in a state that every path goes through. */
export function prepareSlots(memory: ArrayBufferLike, slots: number, vectors: number): void {
  const { slot, numbers } = treeLayout(vectors);
  new Uint8Array(memory, slots, slot.bytes).fill(0);
  new Float64Array(memory, slots + slot.product, numbers / Float64Array.BYTES_PER_ELEMENT).fill(1);
}

function kernelFunction(vectors: number): AssembledFunction {
  const layout = treeLayout(vectors);
  const { slot } = layout;
  const locals = new Locals(9);
  const [nodes, inner, outer, rows, values, valuesBytes, sums, sumsBytes, slots] = Array.from(
    { length: 9 },
    (_, index) => locals.parameter(index),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const [node, place, parent, count] = [locals.i32(), locals.i32(), locals.i32(), locals.i32()];
  const [state, edge, own, sum, category] = [
    locals.i32(),
    locals.i32(),
    locals.i32(),
    locals.i32(),
    locals.i32(),
  ];
  const value = locals.f64();
  const products = Array.from({ length: vectors }, () => locals.v128());

  const field = (name: keyof typeof FIELD): Code => i32.load(node.get, FIELD[name]);
  const move = (pointer: Local, bytes: number): Code =>
    pointer.set(i32.add(pointer.get, i32.constant(bytes)));
  const total = (terms: readonly Code[]): Code => terms.reduce((left, right) => f64x2.add(left, right));
  const addToSum = (name: 'ownSum' | 'parentSum', terms: readonly Code[]): Code => [
    ...sum.set(i32.add(sums.get, field(name))),
    ...f64x2.store(sum.get, 0, f64x2.add(f64x2.load(sum.get, 0), total(terms))),
  ];
  const at = (index: number): number => index * VECTOR_BYTES;

  /** Finds the parent and the constants of the edge from it, which depend on where the parent sent the row. */
  const climb = [
    ...parent.set(i32.add(slots.get, field('parentSlot'))),
    ...edge.set(i32.add(node.get, i32.load(parent.get, slot.state))),
  ];

  const isInSet = [
    ...category.set(i32.fromF64(value.get)),
    ...ifElse(
      i32.isBelow(i32.shiftRight(category.get, i32.constant(5)), field('categoryWords')),
      i32.and(
        i32.shiftRight(
          i32.load(
            i32.add(
              field('categoryBits'),
              i32.shiftLeft(i32.shiftRight(category.get, i32.constant(5)), i32.constant(2)),
            ),
            0,
          ),
          i32.and(category.get, i32.constant(31)),
        ),
        i32.constant(1),
      ),
      i32.constant(0),
    ),
  ];
  const isAtMostThreshold = i32.or(
    f64.isAtMost(value.get, f64.load(node.get, FIELD.threshold)),
    i32.and(f64.differs(value.get, value.get), field('missingLeft')),
  );
  const goesLeft = ifElse(field('categoryWords'), isInSet, isAtMostThreshold);
  const isOnPath = i32.equal(
    i32.load(i32.add(slots.get, field('previousSlot')), slot.state),
    field('previousState'),
  );

  /** Products and state of a node; adds what its own leaves give to the feature it splits on. */
  const descend = [
    ...climb,
    ...products.flatMap((product, index) =>
      product.set(
        f64x2.multiply(
          f64x2.load(parent.get, slot.product + at(index)),
          f64x2.load(edge.get, layout.edge + at(index)),
        ),
      ),
    ),
    ...value.set(f64.load(i32.add(values.get, field('value')), 0)),
    ...state.set(
      select(
        select(i32.constant(0), i32.constant(layout.state), goesLeft),
        i32.constant((STATES - 1) * layout.state),
        isOnPath,
      ),
    ),
    ...own.set(i32.add(node.get, state.get)),
    ...addToSum(
      'ownSum',
      products.map((product, index) =>
        f64x2.multiply(product.get, f64x2.load(own.get, layout.own + layout.numbers + at(index))),
      ),
    ),
  ];
  const leafSum = (product: Local, index: number): Code =>
    f64x2.multiply(product.get, f64x2.load(own.get, layout.own + at(index)));

  /** Hands the sums of a node (in `products`) to its parent, and their share to the parent's feature. */
  const ascend = [
    ...addToSum(
      'parentSum',
      products.map((product, index) =>
        f64x2.multiply(product.get, f64x2.load(edge.get, layout.edge + layout.numbers + at(index))),
      ),
    ),
    ...products.flatMap((product, index) =>
      f64x2.store(
        parent.get,
        slot.sum + at(index),
        f64x2.add(f64x2.load(parent.get, slot.sum + at(index)), product.get),
      ),
    ),
  ];

  const innerDown = [
    ...move(place, slot.bytes),
    ...descend,
    ...i32.store(place.get, slot.state, state.get),
    ...products.flatMap((product, index) => [
      ...f64x2.store(place.get, slot.product + at(index), product.get),
      ...f64x2.store(place.get, slot.sum + at(index), leafSum(product, index)),
    ]),
    ...move(node, layout.record),
  ];
  const outerDownAndUp = [
    ...descend,
    ...products.flatMap((product, index) => product.set(leafSum(product, index))),
    ...ascend,
    ...move(node, layout.record),
  ];
  const innerUp = [
    ...move(node, -layout.record),
    ...climb,
    ...products.flatMap((product, index) => product.set(f64x2.load(place.get, slot.sum + at(index)))),
    ...ascend,
    ...move(place, -slot.bytes),
  ];
  const oneRow = [
    ...node.set(nodes.get),
    ...place.set(slots.get),
    ...count.set(inner.get),
    ...repeat(count, innerDown),
    ...count.set(outer.get),
    ...repeat(count, outerDownAndUp),
    ...node.set(i32.add(nodes.get, i32.multiply(inner.get, i32.constant(layout.record)))),
    ...count.set(inner.get),
    ...repeat(count, innerUp),
    ...values.set(i32.add(values.get, valuesBytes.get)),
    ...sums.set(i32.add(sums.get, sumsBytes.get)),
  ];
  return { name: kernelName(vectors), locals, body: repeat(rows, oneRow) };
}
