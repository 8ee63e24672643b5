import type { LightGbmModel } from '../lightgbm/index.ts';
import { webAssembly } from '../tree-shap/web-assembly.ts';
import { columnWriter } from './columns.ts';
import { KERNEL_NAME, type ScoreKernel, scoreModule } from './kernel.ts';
import { planScores, writeTrees } from './table.ts';

const PAGE_BYTES = 65_536;
const DOUBLE_BYTES = 8;

/**
 * Raw scores of single rows (a value a feature, NaN for missing) by a walk of our own through LightGBM's trees: those of
 * the library to the bit, since the same comparisons lead to the same leaves and those are added in the same order, in a
 * small part of its time. Undefined for a model that this way is not made for.
 */
export async function openTreeScorer(
  model: LightGbmModel,
): Promise<((row: Float64Array) => number) | undefined> {
  const plan = planScores(model);
  if (plan === undefined) return undefined;
  // The sum stands behind the nodes.
  const out = Math.ceil(plan.bytes / DOUBLE_BYTES) * DOUBLE_BYTES;
  const pages = Math.ceil((out + DOUBLE_BYTES) / PAGE_BYTES);
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  writeTrees(plan, memory.buffer);
  const write = columnWriter(plan.columns, memory.buffer);
  if (write === undefined) return undefined;
  const module = await webAssembly.compile(scoreModule(pages));
  const instance = new webAssembly.Instance(module, { host: { memory } });
  const kernel = instance.exports[KERNEL_NAME] as ScoreKernel;
  const sum = new Float64Array(memory.buffer, out, 1);
  const { trees } = plan;
  const count = model.trees.length;
  return (row) => {
    write(row);
    kernel(trees, count, out);
    return sum[0] as number;
  };
}
