export { type AppendLog, appendLine, openAppendLog } from './append-log.ts';
export {
  keyHash,
  keyIdOf,
  type KeyRecord,
  type KeyStore,
  openKeyStore,
  type Role,
  ROLES,
} from './key-store.ts';
export { writeReportFile } from './report-file.ts';
export { openRunLog, type RunLog, type RunRecord, type RunStart, type StepRecord } from './run-log.ts';
