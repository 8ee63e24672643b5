export { checkModelText } from './check-model-text.ts';
export type {
  FeatureMatrix,
  Learner,
  LoadedModel,
  TrainingResult,
  TrainingTask,
  TrainProgress,
} from './learner.ts';
export { sharedMatrix } from './matrix.ts';
export { type LearnerOptions, openLearner } from './open-learner.ts';
export { openExplainer } from './open-explainer.ts';
export type { ModelReading, ModelToLoad } from './model-to-load.ts';
export { openRowExplainer, openRowPredictor, type RowExplainer } from './open-rows.ts';
export { readModel } from './read-model.ts';
export type { RowPredictor } from './rows.ts';
export { type LightGbmModel, type LightGbmTree, openLightGbm, parseModelText } from './lightgbm/index.ts';
export type { Contributions, Explainer } from './tree-shap/index.ts';
export { fitLogisticRegression, predictLogistic } from './logistic-regression/index.ts';
