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
  PREDICTION_TABLE,
  predictionFolder,
  type PredictionLog,
  type PredictionRecord,
} from './prediction-log.ts';
export { reasonOf, type StoreLog } from './outage.ts';
export { openPostgresWriter } from './postgres.ts';
export { openRecordSink, type RecordSink, type SinkFigures } from './record-sink.ts';
export { openSharedCache, type SharedCache } from './shared-cache.ts';
export { writeReportFile } from './report-file.ts';
export { openRunLog, type RunLog, type RunRecord, type RunStart, type StepRecord } from './run-log.ts';
export { openWorkFile, workFile } from './work-file.ts';
export type { WorkLine, WorkLines } from './work-lines.ts';
export { openWorkTable } from './work-table.ts';
export { lookFolder, type LookLog, type LookRecord, openLookLog } from './look-log.ts';
export { openSessionKey } from './state-key.ts';
