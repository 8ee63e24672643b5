import type { LightGbmModel } from '../lightgbm/index.ts';
import { webAssembly, type WasmMemory, type WasmModule } from '../tree-shap/web-assembly.ts';
import { type Columns, columnWriter } from './columns.ts';
import { KERNEL_NAME, type ScoreKernel, scoreModule } from './kernel.ts';
import { proofRows } from './proof-rows.ts';
import { planScores, writeTrees } from './table.ts';

const PAGE_BYTES = 65_536;
const DOUBLE_BYTES = 8;

/** What scores a model's rows; it can be made in one thread and put to work in another. */
export interface TreeScorerParts {
  readonly columns: Columns;
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  /** Address of the records of trees, their number, and the address of the sum. */
  readonly trees: number;
  readonly count: number;
  readonly out: number;
  /** Rows that whoever puts it to work compares with the library's scores. */
  readonly proof: readonly Float64Array[];
}

/**
 * Prepares raw scores of single rows (a value a feature, NaN for missing) by a walk of our own through LightGBM's trees:
 * those of the library to the bit, since the same comparisons lead to the same leaves and those are added in the same
 * order, in a small part of its time. Undefined for a model that this way is not made for.
 */
export async function treeScorerParts(model: LightGbmModel): Promise<TreeScorerParts | undefined> {
  const plan = planScores(model);
  if (plan === undefined) return undefined;
  // The sum stands behind the nodes.
  const out = Math.ceil(plan.bytes / DOUBLE_BYTES) * DOUBLE_BYTES;
  const pages = Math.ceil((out + DOUBLE_BYTES) / PAGE_BYTES);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  writeTrees(plan, memory.buffer);
  const module = await webAssembly.compile(scoreModule(pages));
  const { columns, trees } = plan;
  return { columns, module, memory, trees, count: model.trees.length, out, proof: proofRows(model) };
}

/** Puts a scorer to work in the calling thread. Undefined where what it copies from would take too much memory. */
export function treeScorerOf(parts: TreeScorerParts): ((row: Float64Array) => number) | undefined {
  const { columns, module, memory, trees, count, out } = parts;
  const write = columnWriter(columns, memory.buffer);
  if (write === undefined) return undefined;
  const instance = new webAssembly.Instance(module, { host: { memory } });
  const kernel = instance.exports[KERNEL_NAME] as ScoreKernel;
  const sum = new Float64Array(memory.buffer, out, 1);
  return (row) => {
    write(row);
    kernel(trees, count, out);
    return sum[0] as number;
  };
}
