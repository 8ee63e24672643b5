/**
 * What challenger and champion are compared by, as plain data: made where models are measured, judged
 * where one of them is to take the other's place.
 */
import type { MetricInterval } from './bootstrap.ts';

/** How the comparison was made. */
export interface ComparisonTerms {
  /** A name of `metricList` that is best high or best low. */
  readonly metric: string;
  readonly rule: 'better' | 'not_worse';
  /** Loss that the rule `not_worse` lets pass. */
  readonly margin: number;
  /** One-sided, above 0.5 and below 1. */
  readonly confidence: number;
  /** Loss that a value of a segment may have. */
  readonly segmentMargin: number;
}

/** The difference of the two on some rows. */
export interface Comparison {
  readonly rows: number;
  readonly positives: number;
  /**
   * How much better the challenger is: below 0 the champion is the better one, whichever way the metric
   * runs. Each end by itself holds with the confidence of the terms: the true difference is above the
   * lower end, and below the upper one.
   */
  readonly difference: MetricInterval;
}

/** The whole of the test rows of a horizon. */
export interface WholeComparison extends Comparison {
  /** The metric of each on these rows; null where it has no meaning. */
  readonly challenger: number | null;
  readonly champion: number | null;
  /** Share of the resamples in which the challenger is as the rule asks; null where there is no interval. */
  readonly share: number | null;
}

/** The rows with one value of a segment; without figures, and with the reason, where they are too few. */
export interface SegmentComparison extends Comparison {
  readonly segment: string;
  readonly value: string;
  /** Only of the part that the rarest values share: how many these are. */
  readonly values?: number;
  /** Share of the resamples in which the champion is ahead by more than the margin of segments. */
  readonly shareBehind: number | null;
}

export interface HorizonComparison {
  readonly terms: ComparisonTerms;
  readonly whole: WholeComparison;
  readonly segments: readonly SegmentComparison[];
}
