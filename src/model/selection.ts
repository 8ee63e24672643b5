/** What a model folder says of the choice of its learner and of what was done about rare positives. */
import type { CandidateVerdict } from '../domain/index.ts';

/** The candidates that a model was chosen among. */
export interface StoredSelection {
  readonly metric: 'auc_pr' | 'auc_roc';
  readonly rule: 'one_standard_error' | 'best';
  readonly folds: number;
  /** Whether folds go forward in time; else rows are dealt out by groups. */
  readonly forwardInTime: boolean;
  /** Rows that the candidates were judged on. */
  readonly rows: number;
  readonly chosen: string;
  readonly why: string;
  /**
   * Whether the model learnt from all rows but the test rows afterwards. Its scores of validation rows then say
   * nothing; the metrics stored of them are out of fold.
   */
  readonly refit: boolean;
  /** From the simplest to the most complex. */
  readonly candidates: readonly (CandidateVerdict & {
    readonly learner: string;
    /** The metric on each fold. */
    readonly folds: readonly number[];
    /** Trees kept on each fold. */
    readonly trees: readonly number[];
  })[];
}

/** What was done to the rows that were learnt from. */
export interface StoredImbalance {
  readonly method: 'none' | 'balanced' | 'weights' | 'smote';
  /** Real rows, and those of them that are positive. */
  readonly rows: number;
  readonly positives: number;
  /** Synthetic positives added to them. */
  readonly synthetic: number;
  /** How much the method raises the odds of a positive: 1 leaves them as they are. */
  readonly positiveWeight: number;
}

/** What a method does to probabilities, and what the calibrator makes of it; on rows that were not learnt from. */
export interface CalibrationEffect {
  readonly split: 'test' | 'validation';
  readonly rows: number;
  readonly rate: number;
  readonly before: CalibrationFigures;
  readonly after: CalibrationFigures;
}

export interface CalibrationFigures {
  readonly meanProbability: number;
  /** Null where it has no meaning. */
  readonly slope: number | null;
  readonly error: number | null;
}

/** Content of `selection.json`. */
export interface StoredChoice {
  /** Null where the pack names no candidates. */
  readonly selection: StoredSelection | null;
  readonly imbalance: StoredImbalance;
  /** Null where no rows of both outcomes are left to measure it on. */
  readonly calibrationEffect: CalibrationEffect | null;
}
