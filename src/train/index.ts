export { train, pick, type Trained, type TrainedHorizon, type TrainParts } from './train.ts';
export {
  type HorizonColumns,
  type HorizonRows,
  loadTrainingMatrix,
  SPLIT,
  type TrainingMatrix,
} from './training-matrix.ts';
