export {
  type JudgedFold,
  judgeFold,
  type LearnerOpener,
  type ModelRecipe,
  type TrainingGround,
} from './cross-validation.ts';
export { foldsToJudge, type TunedRecipe } from './selection.ts';
export { weightExpression } from './imbalance.ts';
export {
  groundOf,
  judgingOf,
  slotsOf,
  train,
  type Trained,
  type TrainedHorizon,
  type TrainParts,
} from './train.ts';
export { readSampleRows } from './sample-rows.ts';
export {
  anyRowsIn,
  type HorizonColumns,
  type HorizonRows,
  LEFT_OUT,
  loadTrainingMatrix,
  rowsIn,
  SPLIT,
  type SplitName,
  takeRows,
  type TrainingMatrix,
} from './training-matrix.ts';
