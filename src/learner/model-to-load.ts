import type { TreeScorerParts } from './tree-scores/index.ts';
import type { KernelParts } from './tree-shap/index.ts';

/** A model text and the learner that wrote it, as a model folder has them. */
export interface ModelToLoad {
  readonly learner: { readonly name: string };
  readonly modelText: string;
}

/** What was found in a text of LightGBM. */
export interface TreeReading {
  readonly features: number;
  readonly trees: number;
  /** Undefined where the library scores. */
  readonly scorer: TreeScorerParts | undefined;
  /** Undefined where the library explains the model. */
  readonly kernel: KernelParts | undefined;
}

/** What was found in a model text. Plain data and shared memory: it can be sent to another thread. */
export interface ModelReading {
  readonly features: number;
  /** Of texts of LightGBM; others are read by their library. */
  readonly lightgbm?: TreeReading;
}
