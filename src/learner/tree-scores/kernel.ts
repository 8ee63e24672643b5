/** The walk in WebAssembly: the sum of the leaves that a row reaches, in the order of the trees. */
import { type AssembledFunction, assembleModule, f64, i32, Locals, repeat } from '../tree-shap/assembler.ts';
import { NODE, TREE } from './table.ts';

/**
 * Walks `count` trees from the record at address `trees` and stores the sum at address `out`. Columns lie from address 0
 * on.
 */
export type ScoreKernel = (trees: number, count: number, out: number) => void;

export const KERNEL_NAME = 'score';

/** A module with the function, over a shared memory of `pages` pages. */
export const scoreModule = (pages: number): Uint8Array<ArrayBuffer> => assembleModule([walk()], pages);

function walk(): AssembledFunction {
  const locals = new Locals(3);
  const [trees, count, out] = [locals.parameter(0), locals.parameter(1), locals.parameter(2)];
  const [node, depth, sum] = [locals.i32(), locals.i32(), locals.f64()];
  const isRight = i32.isZero(
    f64.isAtMost(f64.load(i32.load(node.get, NODE.reading), 0), f64.load(node.get, NODE.number)),
  );
  const step = node.set(
    i32.add(i32.load(node.get, NODE.left), i32.shiftLeft(isRight, i32.constant(Math.log2(NODE.bytes)))),
  );
  const oneTree = [
    ...node.set(i32.load(trees.get, TREE.root)),
    ...depth.set(i32.load(trees.get, TREE.depth)),
    ...repeat(depth, step),
    ...sum.set(f64.add(sum.get, f64.load(node.get, NODE.number))),
    ...trees.set(i32.add(trees.get, i32.constant(TREE.bytes))),
  ];
  const body = [...repeat(count, oneTree), ...f64.store(out.get, 0, sum.get)];
  return { name: KERNEL_NAME, locals, body };
}
