export { type AppendLog, openAppendLog } from './append-log.ts';
export { openRunLog, type RunLog, type RunRecord, type StepRecord } from './run-log.ts';
