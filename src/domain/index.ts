/** Statistics, calibration, tiers, value and time: pure functions, on columns where rows are many. */
export { betaDistribution } from './beta-function.ts';
export {
  type BootstrapEvaluation,
  type BootstrapOptions,
  bootstrapBinary,
  type MetricInterval,
} from './bootstrap.ts';
export {
  addDays,
  addMonths,
  type CalendarDate,
  daysBetween,
  firstOfMonth,
  formatDate,
  monthNumber,
  monthOf,
} from './calendar.ts';
export { type CalibratorChoice, chooseCalibrator } from './calibrator-choice.ts';
export { applyCalibrator, type CalibrationMethod, type Calibrator, fitCalibrator } from './calibrator.ts';
export { makeCoherent } from './coherence.ts';
export {
  type CandidateChoice,
  type CandidateVerdict,
  chooseCandidate,
  type JudgedCandidate,
} from './candidate-choice.ts';
export { countPositives, type Labels } from './columns.ts';
export { type CalibrationBin, calibrationBins, rankingCurve, type RankingPoint } from './curves.ts';
export { assignDeciles, decileEdges } from './deciles.ts';
export { chooseThreshold, type ThresholdRule } from './decision-threshold.ts';
export { type BinaryEvaluation, evaluateBinary, type MetricValue } from './evaluation.ts';
export { type FoldMetric, foldMetric } from './fold-metric.ts';
export { type FoldColumns, type FoldRows, stratifiedFolds, temporalFolds } from './folds.ts';
export { type Half, halfOf } from './halves.ts';
export { applyIsotonic, fitIsotonic, type IsotonicKnots } from './isotonic.ts';
export { logisticOf } from './log-odds.ts';
export { fitLogistic, type LogisticFit, type LogisticProblem } from './logistic.ts';
export { type ScoredColumns } from './measure.ts';
export { type Metric, metricList, type MetricOptions } from './metrics.ts';
export { priorCorrected, shiftToMean } from './prior.ts';
export { type CampaignTerms } from './profit.ts';
export {
  type ComparedScores,
  type DifferenceOptions,
  drawDifferences,
  type DrawnDifference,
  type PairedDifference,
  pairedDifferences,
} from './paired-difference.ts';
export type { ComparisonTerms, HorizonComparison, SegmentComparison } from './comparison.ts';
export { hashOfNumbers, randomNumbers, uniformNumbers } from './random.ts';
export { type Interval, type Resampling } from './resamples.ts';
export { weightedRidge } from './ridge.ts';
export { riskScore, riskScores } from './risk-score.ts';
export { eitherWay, LEAST_CLASS_ROWS, type PureBand, type Separation, separationOf } from './separation.ts';
export { ratioInterval, wilsonInterval } from './share-interval.ts';
export { type MinorityRows, smote, type SmoteOptions } from './smote.ts';
export type {
  ColumnKind,
  ColumnPair,
  ColumnProfile,
  ColumnReading,
  ColumnRole,
  ColumnSeparation,
  DateSummary,
  FindingLevel,
  HistogramBin,
  KeyProfile,
  NumberSummary,
  TableFinding,
  TableProfile,
  TargetProfile,
  ValueCount,
} from './table-profile.ts';
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
export { type ContactTerms, expectedGain, expectedGains, valuesAtRisk } from './value.ts';
export { CONTACT_OUTCOMES, type ContactOutcome, WORK_ACTIONS, type WorkAction } from './work.ts';
