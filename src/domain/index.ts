/** Statistics, calibration, tiers, value and time: pure functions, on columns where rows are many. */
export { addDays, addMonths, type CalendarDate, daysBetween, firstOfMonth } from './calendar.ts';
export { makeCoherent } from './coherence.ts';
export { type Labels } from './columns.ts';
export { assignDeciles, decileEdges } from './deciles.ts';
export { type Half, halfOf } from './halves.ts';
export { applyIsotonic, fitCalibrator, fitIsotonic, type IsotonicKnots } from './isotonic.ts';
export { type BinaryEvaluation, evaluateBinary, type EvaluationOptions } from './metrics.ts';
export { riskScores } from './risk-score.ts';
export { eitherWay, type PureBand, type Separation, separationOf } from './separation.ts';
export {
  assignByCapacity,
  assignByProfit,
  assignByThreshold,
  type CapacityRung,
  type HorizonColumns,
  type ThresholdRung,
  type TierRung,
} from './tiers.ts';
export {
  isAtRisk,
  labelFor,
  rollingBoundaries,
  type RollingMonths,
  type Split,
  type SplitBoundaries,
  splitFor,
  type TargetEvent,
} from './time.ts';
export { type ContactTerms, expectedGains, valuesAtRisk } from './value.ts';
