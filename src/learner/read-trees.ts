import type { LightGbmModel } from './lightgbm/index.ts';
import type { TreeReading } from './model-to-load.ts';
import { treeScorerParts } from './tree-scores/index.ts';

/** What scoring single rows needs of a model of LightGBM. */
export async function readTrees(model: LightGbmModel): Promise<Omit<TreeReading, 'kernel'>> {
  return { features: model.features, trees: model.trees.length, scorer: await treeScorerParts(model) };
}
