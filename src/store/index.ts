export { openRunLog, type RunLog, type RunRecord, type StepRecord } from './run-log.ts';
