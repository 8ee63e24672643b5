export {
  type ExpectationResult,
  type ExpectationStatus,
  openQualityLog,
  QUARANTINE_TABLE,
  type QualityLog,
  RESULTS_TABLE,
} from './quality-log.ts';
