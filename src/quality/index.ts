export {
  type CleaningResult,
  type ExpectationResult,
  type ExpectationStatus,
  openQualityLog,
  type QualityLog,
} from './quality-log.ts';
