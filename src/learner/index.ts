export type {
  FeatureMatrix,
  Learner,
  LoadedModel,
  TrainingResult,
  TrainingTask,
  TrainProgress,
} from './learner.ts';
export { sharedMatrix } from './matrix.ts';
export { openLearner } from './open-learner.ts';
export {
  type LightGbmModel,
  type LightGbmOptions,
  type LightGbmTree,
  openLightGbm,
  parseModelText,
} from './lightgbm/index.ts';
export { type Contributions, type Explainer, openExplainer } from './tree-shap/index.ts';
export { fitLogisticRegression, predictLogistic } from './logistic-regression/index.ts';
