export {
  contractHash,
  type EncodedFeature,
  type FeatureEncoding,
  fitEncoding,
  matrixSelect,
} from './encoding.ts';
export {
  contentHash,
  type ModelContent,
  modelName,
  type Provenance,
  readModel,
  type SampleRow,
  type SplitMetrics,
  storeModel,
  type StoredModel,
  type TrainingStatistics,
  versionsOf,
} from './folder.ts';
export { coherentProbabilities } from './probability.ts';
export { currentSet, type LoadedSet, type ModelSet, storeSet } from './model-set.ts';
