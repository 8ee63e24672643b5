/** A model text read once, in whatever thread has the time, so that it can be opened at once in another. */
import { checkModelText } from './check-model-text.ts';
import { parseModelText } from './lightgbm/index.ts';
import type { ModelReading, ModelToLoad } from './model-to-load.ts';
import { requireLearner } from './open-rows.ts';
import { readTrees } from './read-trees.ts';
import { rowKernelParts } from './tree-shap/index.ts';

const LIGHTGBM_TEXTS: readonly string[] = ['lightgbm', 'random_forest'];

/**
 * Reads and checks a model text, some tens of milliseconds for 200 trees, without a library.
 *
 * @throws HF501 when there is no such learner; HF503 when the text is not a complete, consistent model.
 */
export async function readModel({ learner, modelText }: ModelToLoad): Promise<ModelReading> {
  requireLearner(learner.name);
  if (!LIGHTGBM_TEXTS.includes(learner.name)) return checkModelText(learner.name, modelText);
  const model = parseModelText(modelText);
  const kernel = await rowKernelParts(model);
  return { features: model.features, lightgbm: { ...(await readTrees(model)), kernel } };
}
