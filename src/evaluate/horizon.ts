/** Everything that is said of one horizon on the rows that decide about it. */
import {
  assignDeciles,
  type BootstrapOptions,
  type CalibrationBin,
  calibrationBins,
  evaluateBinary,
  metricList,
  type MetricOptions,
  type PairedDifference,
  pairedDifferences,
  priorCorrected,
  rankingCurve,
  type RankingPoint,
  shiftToMean,
} from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import { type EvaluatedRows, evaluateSplit, shareOfPositives } from './evaluate.ts';
import {
  evaluateParts,
  type LeastPart,
  PART_RESAMPLES,
  type PartEvaluation,
  SEGMENT_VALUES,
} from './segments.ts';

/** A simple way to rank that the model is compared with. */
export interface Baseline {
  readonly name: string;
  readonly description: string;
  /** One a row; what ranks. */
  readonly rawScores: Float64Array;
  /** Where the baseline gives any. */
  readonly probabilities?: Float64Array;
}

export interface BaselineEvaluation {
  readonly name: string;
  readonly description: string;
  readonly metrics: SplitMetrics;
  /**
   * The model's metric less the baseline's on the same resamples of entities, as many as those of the model; null
   * without rows. An interval that holds 0 leaves open which of the two ranks better.
   */
  readonly modelMinusBaseline: PairedDifference | null;
}

/** A tenth of the rows by the edges that were fixed in training. */
export interface DecileRow {
  /** 1 to 10, 10 is the highest risk. */
  readonly decile: number;
  readonly rows: number;
  readonly positives: number;
  readonly meanProbability: number | null;
  readonly rate: number | null;
}

/** How much of the miscalibration is a base rate that moved since calibration. */
export interface BaseRateShift {
  readonly calibrateRate: number;
  readonly rate: number;
  /** Log-odds added to every probability so that the mean matches. */
  readonly constant: number;
  readonly calibrationError: number | null;
  readonly calibrationSlope: number | null;
  readonly brier: number | null;
  /** Brier of the uncalibrated scores, corrected for the weight of positives and shifted likewise. */
  readonly brierUncalibrated: number | null;
}

export interface HorizonDetail {
  /** The split that is looked at: test, or validation where no test outcome is known yet. */
  readonly split: 'test' | 'validation';
  readonly baselines: readonly BaselineEvaluation[];
  readonly curve: readonly RankingPoint[];
  readonly calibration: readonly CalibrationBin[];
  readonly deciles: readonly DecileRow[];
  readonly shift: BaseRateShift | null;
  readonly segments: readonly { readonly segment: string; readonly parts: readonly PartEvaluation[] }[];
  readonly months: readonly PartEvaluation[];
}

export interface HorizonParts {
  readonly split: 'test' | 'validation';
  readonly rows: EvaluatedRows;
  readonly options: MetricOptions & Pick<BootstrapOptions, 'resamples' | 'seed'>;
  readonly baselines: readonly Baseline[];
  readonly decileEdges: readonly number[];
  /** Base rate of the training rows, which a baseline without probabilities gives to everybody. */
  readonly trainRate: number;
  /** Base rate of the rows that the calibrator was fitted on. */
  readonly calibrateRate: number;
  /** What each positive of training counted. */
  readonly positiveWeight: number;
  readonly segments: readonly { readonly segment: string; readonly valueOf: (position: number) => string }[];
  readonly monthOf: (position: number) => string;
  readonly least: LeastPart;
}

export function evaluateHorizon(parts: HorizonParts): HorizonDetail {
  const { split, rows, options, least } = parts;
  const ofParts = { ...options, resamples: Math.min(options.resamples ?? 1000, PART_RESAMPLES) };
  return {
    split,
    baselines: evaluateBaselines(parts, ofParts),
    curve: rankingCurve(rows),
    calibration: rows.labels.length === 0 ? [] : calibrationBins(rows),
    deciles: decileTable(rows, parts.decileEdges),
    shift: baseRateShift(parts),
    segments: parts.segments.map(({ segment, valueOf }) => ({
      segment,
      parts: evaluateParts(rows, valueOf, { least, options: ofParts, mostValues: SEGMENT_VALUES }),
    })),
    months: evaluateParts(rows, parts.monthOf, { least, options: ofParts }),
  };
}

function evaluateBaselines(parts: HorizonParts, ofParts: BootstrapOptions): BaselineEvaluation[] {
  const { baselines, rows, options } = parts;
  const differences =
    rows.labels.length === 0 ? [] : pairedDifferences({ ...rows, others: baselines }, options);
  return baselines.map((baseline, index) => ({
    ...evaluateBaseline(baseline, parts, ofParts),
    modelMinusBaseline: differences[index] ?? null,
  }));
}

function evaluateBaseline(
  { name, description, rawScores, probabilities }: Baseline,
  { rows, trainRate }: HorizonParts,
  options: BootstrapOptions,
): Omit<BaselineEvaluation, 'modelMinusBaseline'> {
  // The model's decision threshold means nothing on another scale.
  const { threshold: _threshold, ...own } = options;
  const predicted = probabilities ?? new Float64Array(rawScores.length).fill(trainRate);
  const metrics = evaluateSplit({ ...rows, rawScores, probabilities: predicted }, own);
  return {
    name,
    description,
    metrics: probabilities === undefined ? withoutProbability(metrics, own) : metrics,
  };
}

/** What ranks but gives no probability has no calibration either. */
function withoutProbability(metrics: SplitMetrics, options: MetricOptions): SplitMetrics {
  if (!('rows' in metrics)) return metrics;
  const reads = new Map(metricList(options).map(({ name, reads: what }) => [name, what]));
  return {
    ...metrics,
    metrics: Object.fromEntries(
      Object.entries(metrics.metrics).map(([name, metric]) => [
        name,
        reads.get(name) === 'probability'
          ? { value: null, lower: null, upper: null, reason: 'gives no probability' }
          : metric,
      ]),
    ),
  };
}

function decileTable(rows: EvaluatedRows, edges: readonly number[]): DecileRow[] {
  const deciles = assignDeciles(edges, rows.rawScores);
  return Array.from({ length: 10 }, (_, index) => {
    const decile = 10 - index;
    let count = 0;
    let positives = 0;
    let sum = 0;
    deciles.forEach((found, row) => {
      if (found !== decile) return;
      count += 1;
      positives += rows.labels[row] as number;
      sum += rows.probabilities[row] as number;
    });
    return {
      decile,
      rows: count,
      positives,
      meanProbability: count === 0 ? null : sum / count,
      rate: count === 0 ? null : positives / count,
    };
  });
}

function baseRateShift({ rows, calibrateRate, positiveWeight, options }: HorizonParts): BaseRateShift | null {
  const rate = shareOfPositives(rows.labels);
  if (!(rate > 0 && rate < 1)) return null;
  const { constant, probabilities } = shiftToMean(rows.probabilities, rate);
  const shifted = evaluateBinary({ ...rows, probabilities }, options).metrics;
  const uncalibrated = shiftToMean(priorCorrected(rows.rawScores, positiveWeight), rate);
  const raw = evaluateBinary({ ...rows, probabilities: uncalibrated.probabilities }, options).metrics;
  return {
    calibrateRate,
    rate,
    constant,
    calibrationError: shifted['calibration_error']?.value ?? null,
    calibrationSlope: shifted['calibration_slope']?.value ?? null,
    brier: shifted['brier']?.value ?? null,
    brierUncalibrated: raw['brier']?.value ?? null,
  };
}
