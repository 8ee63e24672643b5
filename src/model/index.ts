export { type FittedCleaning } from './cleaning.ts';
export { type CleaningCount, countCleaning } from './cleaning-counts.ts';
export { encodeAndTell, type EncodedRow, encodeRow, type FeatureValues } from './encode-row.ts';
export {
  categoricalColumns,
  type DroppedFeature,
  type EncodedFeature,
  type FeatureEncoding,
  fitEncoding,
  matrixSelect,
} from './encoding.ts';
export {
  type Decision,
  type FeatureStatistics,
  type ModelContent,
  type SampleRow,
  type SampleValue,
  type SplitMetrics,
  type StoredCalibrator,
  STORED_QUANTILES,
  type TrainingStatistics,
} from './content.ts';
export { exportedName, type ExportedSet, readExport, writeExport, type WrittenExport } from './export.ts';
export { modelFile } from './mlflow-files.ts';
export { type Provenance, readModel, storeModel, type StoredModel, versionsOf } from './folder.ts';
export { retireNumber } from './numbers.ts';
export { checkSamples, isEncodedAs, type SampleComparison, sampleMatrix } from './samples.ts';
export { type GivenSet, readSetFolder, writeSetFolder } from './set-folder.ts';
export type {
  CalibrationEffect,
  CalibrationFigures,
  StoredChoice,
  StoredImbalance,
  StoredSelection,
} from './selection.ts';
export { coherentProbabilities } from './probability.ts';
export { requireFeatures } from './require-features.ts';
export { rowReader, toldSelect } from './told-rows.ts';
export { toldColumns, toldFeature, toldValues } from './told-values.ts';
export {
  contractFits,
  type LoadedSet,
  loadSet,
  type ModelSet,
  readSet,
  requireContract,
  storeSet,
} from './model-set.ts';
