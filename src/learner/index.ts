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
export {
  fitLogisticRegression,
  type LogisticModel,
  type LogisticTask,
  type LogisticTerm,
  predictLogistic,
} from './logistic-regression/index.ts';
