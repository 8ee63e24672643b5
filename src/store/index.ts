export { type AppendLog, appendLine, openAppendLog } from './append-log.ts';
export { dailyFiles } from './daily-files.ts';
export { type IdentityHash, openIdentityHash } from './identity-key.ts';
export {
  keyHash,
  keyIdOf,
  type KeyRecord,
  type KeyStore,
  openKeyStore,
  type Role,
  ROLES,
} from './key-store.ts';
export { openOutcomeLog, outcomeFolder, type OutcomeCounts } from './outcome-log.ts';
export {
  openPredictionLog,
  predictionFolder,
  type PredictionLog,
  type PredictionRecord,
} from './prediction-log.ts';
export { writeReportFile } from './report-file.ts';
export { openRunLog, type RunLog, type RunRecord, type RunStart, type StepRecord } from './run-log.ts';
