export {
  categoricalColumns,
  contractHash,
  type EncodedFeature,
  type FeatureEncoding,
  fitEncoding,
  matrixSelect,
} from './encoding.ts';
export {
  type Decision,
  type ModelContent,
  type Provenance,
  type SampleRow,
  type SplitMetrics,
  storeModel,
  type StoredCalibrator,
  type StoredModel,
  type TrainingStatistics,
} from './folder.ts';
export { coherentProbabilities } from './probability.ts';
export { currentSet, type LoadedSet, type ModelSet, storeSet } from './model-set.ts';
