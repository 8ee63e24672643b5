import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type LightGbmModel, type LightGbmOptions, openLightGbm, parseModelText } from '../lightgbm/index.ts';
import type { Explainer } from './explainer.ts';
import {
  type KernelParts,
  kernelRowsOf,
  openKernelExplainer,
  prepareKernel,
  type RowKernel,
} from './kernel-explainer.ts';
import { openLibraryExplainer } from './library-explainer.ts';
import { planProgram } from './program.ts';

/**
 * Opens an explainer for a model text of LightGBM: exact path-dependent Shapley values, as the library's own
 * `predict_contrib` gives (see `program.ts` for the method). The caller disposes it. Models with a path of
 * more than 64 distinct features are explained by the library itself, and so are those whose tables would
 * take more than a gibibyte (a model of 200 trees of 63 leaves and depth 7 takes 5.5 MB).
 *
 * `options.threads` is the number of worker threads for `contributions`, by default what the machine has;
 * the results do not depend on it. `options.libraryPath` is for models that the library explains.
 *
 * @throws HF503 when the text is not a usable model; HF501 when the library is needed and missing.
 */
export async function openTreeExplainer(
  modelText: string,
  options: LightGbmOptions = {},
): Promise<Explainer> {
  const plan = planProgram(parseModelText(modelText));
  if (plan === undefined) return openLibraryExplainer(modelText, () => openLightGbm(options), 'double');
  const wanted = options.threads ?? 0;
  return openKernelExplainer(plan, wanted > 0 ? wanted : availableParallelism());
}

/**
 * The kernel for a model text of LightGBM, whose worker threads start when many rows are to be explained; undefined for
 * a model that the kernel is not made for.
 *
 * @throws HF503 when the text is not a usable model.
 */
export async function openRowKernel(modelText: string): Promise<RowKernel | undefined> {
  const model = parseModelText(modelText);
  // A server answers in between.
  await setImmediate();
  const parts = await rowKernelParts(model);
  return parts === undefined ? undefined : kernelRowsOf(parts);
}

/** The kernel of a model for rows, to be put to work in any thread; undefined where it is not made for it. */
export async function rowKernelParts(model: LightGbmModel): Promise<KernelParts | undefined> {
  const plan = planProgram(model);
  return plan === undefined ? undefined : prepareKernel(plan, availableParallelism());
}
