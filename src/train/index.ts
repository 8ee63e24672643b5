export { anyRowsIn, train, type Trained, type TrainedHorizon, type TrainParts } from './train.ts';
export {
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
