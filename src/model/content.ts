/** What a model folder holds, apart from who made it and when. */
import type { BootstrapEvaluation, Calibrator, CalibratorChoice, ThresholdRule } from '../domain/index.ts';
import type { FeatureEncoding } from './encoding.ts';
import type { StoredChoice } from './selection.ts';

/** Metrics on a split, or why there are none. */
export type SplitMetrics = BootstrapEvaluation | { readonly reason: string };

/** The decision threshold on calibrated probabilities, and the rule by which it was chosen on the `calibrate` rows. */
export interface Decision {
  readonly rule: ThresholdRule;
  /** Null where the calibrate rows have one class only. */
  readonly threshold: number | null;
}

/** All of a model but its place in the registry. */
export interface ModelContent {
  readonly horizonDays: number;
  readonly learner: { readonly name: string; readonly version: string };
  readonly modelText: string;
  readonly encoding: FeatureEncoding;
  /** Statistics of the training rows; scoring never computes one of its own. */
  readonly statistics: TrainingStatistics;
  readonly calibrator: StoredCalibrator;
  readonly settings: {
    readonly parameters: Readonly<Record<string, string | number | boolean>>;
    readonly rounds: number;
    readonly trees: number;
    readonly earlyStoppingRounds: number;
    readonly seed: number;
  };
  /** How it was chosen and what was done about rare positives; null in folders of earlier versions. */
  readonly choice: StoredChoice | null;
  /** From which probability on an entity counts as a predicted positive; null in folders of earlier versions. */
  readonly decision: Decision | null;
  readonly metrics: { readonly validation: SplitMetrics; readonly test: SplitMetrics };
  /** A few rows with what the model said of them when it was made. */
  readonly samples: readonly SampleRow[];
  /** What it was made from. */
  readonly lineage: {
    readonly packName: string;
    readonly packHash: string;
    readonly tables: Readonly<Record<string, number>>;
    readonly observedTo: string;
  };
}

/** A calibrator with what it was chosen by; models of older versions do not tell that. */
export type StoredCalibrator = Calibrator & {
  readonly choice?: Omit<CalibratorChoice, 'calibrator'>;
};

export interface TrainingStatistics {
  readonly rows: number;
  readonly positives: number;
  /** Share of positives among the training rows. */
  readonly baseRate: number;
  /** Nine inner edges of the validation rows' raw scores. */
  readonly decileEdges: readonly number[];
  readonly features: Readonly<Record<string, FeatureStatistics>>;
  /** Split gain of each feature, summed over the trees. */
  readonly gain: Readonly<Record<string, number>>;
}

/** The shares whose quantiles are stored of each numeric feature. */
export const STORED_QUANTILES = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1] as const;

/** The values of a feature among the training rows. */
export interface FeatureStatistics {
  readonly missingShare: number;
  /** The STORED_QUANTILES of numbers; empty for categories. */
  readonly quantiles: readonly number[];
  /** Share of each category among the values that are there, by its code; models of older versions have none. */
  readonly shares?: readonly number[];
}

/** A value as a table has it; null where it is missing. */
export type SampleValue = number | string | null;

/** A row of the training set, and what the model and its calibrator said of it when they were made. */
export interface SampleRow {
  /** The features that the encoding reads, before it does; models of older versions do not have them. */
  readonly features?: Readonly<Record<string, SampleValue>>;
  /** The same as the learner sees them, in the order of the encoding. */
  readonly values: readonly (number | null)[];
  readonly raw: number;
  /** The calibrated probability, not yet made coherent with other horizons; models of older versions lack it. */
  readonly probability?: number;
}
