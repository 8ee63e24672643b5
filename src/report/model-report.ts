/** What a model report tells, as plain data: the same for the page and for programs. */

import type { ReportedBacktest, ReportedFolds } from './folds-report.ts';
import type { ReportedMetric } from './reported-metric.ts';

export interface ReportedSample {
  readonly rows: number;
  readonly positives: number;
  readonly baseRate: number | null;
  readonly metrics: Readonly<Record<string, ReportedMetric>>;
}

export type ReportedSplit = ReportedSample | { readonly reason: string };

export interface ReportedHorizon {
  readonly days: number;
  readonly model: string;
  readonly version: number;
  readonly trees: number;
  readonly trainRows: number;
  readonly trainRate: number;
  readonly calibrator: string;
  readonly decision: { readonly rule: { readonly rule: string }; readonly threshold: number | null } | null;
  readonly validation: ReportedSplit;
  readonly test: ReportedSplit;
  /** Rows of test that the model was trained on, since the splits have moved; null where nobody can tell. */
  readonly testRowsTrainedOn: number | null;
  readonly detail: {
    readonly split: 'test' | 'validation';
    readonly baselines: readonly {
      readonly name: string;
      readonly description: string;
      readonly metrics: ReportedSplit;
      /** The model's metric less the baseline's, on the same resamples; null without rows. */
      readonly modelMinusBaseline: Readonly<Record<'auc_pr' | 'auc_roc', ReportedMetric>> | null;
    }[];
    readonly curve: readonly {
      readonly share: number;
      readonly precision: number;
      readonly recall: number;
      readonly falsePositiveRate: number;
    }[];
    readonly calibration: readonly {
      readonly rows: number;
      readonly positives: number;
      readonly meanProbability: number;
      readonly rate: number;
      readonly lower: number;
      readonly upper: number;
    }[];
    readonly deciles: readonly {
      readonly decile: number;
      readonly rows: number;
      readonly positives: number;
      readonly meanProbability: number | null;
      readonly rate: number | null;
    }[];
    readonly shift: {
      readonly calibrateRate: number;
      readonly rate: number;
      readonly constant: number;
      readonly calibrationError: number | null;
      readonly calibrationSlope: number | null;
      readonly brier: number | null;
      readonly brierUncalibrated: number | null;
    } | null;
    readonly segments: readonly { readonly segment: string; readonly parts: readonly ReportedPart[] }[];
    readonly months: readonly ReportedPart[];
  };
  /** Models of past months, where they were measured. */
  readonly folds?: ReportedFolds;
}

export interface ReportedPart {
  readonly value: string;
  /** Of the part that the rarest values share: how many these are. */
  readonly values?: number;
  readonly rows: number;
  readonly positives: number;
  readonly metrics: ReportedSplit;
}

/** What drives a horizon's scores. */
export interface ReportedDrivers {
  readonly days: number;
  /** Rows that the figures are of. */
  readonly rows: number;
  readonly features: readonly {
    readonly feature: string;
    readonly label: string;
    /** Mean size of the contribution to the raw score, log-odds. */
    readonly meanAbsolute: number;
    /** Rank correlation of value and contribution; null for categories. */
    readonly direction: number | null;
  }[];
  readonly swarm: readonly {
    readonly feature: string;
    readonly points: readonly { readonly contribution: number; readonly quantile: number | null }[];
  }[];
  readonly hypotheses: readonly {
    readonly feature: string;
    readonly says: string;
    readonly rank: number;
    readonly meanAbsolute: number;
    /** Rank correlation of value and contribution; null for categories. */
    readonly direction: number | null;
    /** Which values raise the score, and which were expected to; null where that is not clear, or not said. */
    readonly raisedBy: 'higher' | 'lower' | null;
    readonly expectedRaisedBy: 'higher' | 'lower' | null;
    readonly verdict: string;
  }[];
}

/** What was found about the data, the newest run first. */
export interface ReportedProblem {
  readonly table: string;
  readonly expectation: string;
  readonly action: string;
  readonly status: string;
  readonly failedRows: number;
  readonly totalRows: number;
}

/** What cleaning found in the values of one feature, and did to them. */
export interface ReportedCleaning {
  readonly feature: string;
  readonly columnType: string;
  readonly rows: number;
  readonly missing: number;
  readonly impossible: number;
  readonly unseen: number;
  readonly outliers: number;
  readonly replaced: number;
  readonly capped: number;
  readonly done: string;
}

export interface ReportedSplitCount {
  readonly horizon: number;
  /** Null for rows that are left out. */
  readonly split: string | null;
  readonly leftOut: string | null;
  readonly rows: number;
  readonly positives: number;
  readonly from: string | null;
  readonly to: string | null;
}

/** How a horizon's learner was chosen, and what was done about rare positives. */
export interface ReportedChoice {
  readonly days: number;
  readonly selection: {
    readonly metric: string;
    readonly folds: number;
    readonly forwardInTime: boolean;
    readonly rows: number;
    readonly chosen: string;
    readonly why: string;
    readonly refit: boolean;
    readonly candidates: readonly {
      readonly name: string;
      readonly learner: string;
      readonly mean: number;
      readonly standardError: number | null;
      readonly shortfall: number;
      readonly shortfallError: number | null;
      readonly trees: readonly number[];
    }[];
  } | null;
  readonly imbalance: {
    readonly method: 'none' | 'balanced' | 'weights' | 'smote';
    readonly rows: number;
    readonly positives: number;
    readonly synthetic: number;
    readonly positiveWeight: number;
  };
  readonly calibrationEffect: {
    readonly split: string;
    readonly rows: number;
    readonly rate: number;
    readonly before: ReportedCalibration;
    readonly after: ReportedCalibration;
  } | null;
}

interface ReportedCalibration {
  readonly meanProbability: number;
  readonly slope: number | null;
  readonly error: number | null;
}

/** What a metric must reach on the test rows; at least one of the limits is there. */
export interface ReportedGate {
  readonly metric: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface ModelReport {
  readonly pack: { readonly name: string; readonly description: string; readonly hash: string };
  readonly entity: string;
  readonly set: { readonly id: number; readonly hash: string };
  readonly createdAt: string;
  readonly observedTo: string;
  /** Whether rows are split by time. */
  readonly isDated: boolean;
  /** Of the bootstrap behind the intervals. */
  readonly resamples: number;
  readonly evaluatedAt: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly problems: readonly ReportedProblem[];
  /** Absent where the pack cleans nothing. */
  readonly cleaning?: {
    readonly trained: readonly ReportedCleaning[];
    /** Rows that were scored last with the set; empty where none were. */
    readonly scored: readonly ReportedCleaning[];
  };
  /** What the pack asks of the test rows; absent where it asks for nothing. */
  readonly gates?: readonly ReportedGate[];
  readonly splits: readonly ReportedSplitCount[];
  readonly horizons: readonly ReportedHorizon[];
  /** Null where none was made; `isCurrent` where it is of the present training set and pack. */
  readonly backtest: (ReportedBacktest & { readonly isCurrent: boolean }) | null;
  readonly drivers: readonly ReportedDrivers[];
  readonly audit: {
    readonly auditedAt: string;
    /** False where the pack has changed since. */
    readonly isCurrent: boolean;
    readonly rows: readonly {
      readonly feature: string;
      readonly source: string;
      readonly window: string;
      readonly available: string;
      readonly verdict: string;
    }[];
    readonly findings: readonly string[];
    /** Horizons whose features could not be judged each alone, with the reason. */
    readonly notJudged: readonly string[];
  } | null;
  /** Left out for models of versions that did not tell. */
  readonly choices?: readonly ReportedChoice[];
  /** Learner settings of each horizon, as text. */
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly card: { readonly intendedUse: string; readonly limits: readonly string[] } | null;
}
