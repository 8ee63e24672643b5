export {
  categoricalColumns,
  type EncodedFeature,
  type FeatureEncoding,
  fitEncoding,
  matrixSelect,
} from './encoding.ts';
export {
  type Decision,
  type FeatureStatistics,
  type ModelContent,
  type Provenance,
  type SampleRow,
  type SplitMetrics,
  storeModel,
  type StoredCalibrator,
  type StoredModel,
  STORED_QUANTILES,
  type TrainingStatistics,
} from './folder.ts';
export type {
  CalibrationEffect,
  CalibrationFigures,
  StoredChoice,
  StoredImbalance,
  StoredSelection,
} from './selection.ts';
export { coherentProbabilities } from './probability.ts';
export { currentSet, type LoadedSet, type ModelSet, requireContract, storeSet } from './model-set.ts';
