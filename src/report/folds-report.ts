/** What a report tells of past months, as plain data: models measured fold by fold, and what lists caught. */

import type { ReportedMetric } from './reported-metric.ts';

/** A horizon measured at several points of time. */
export interface ReportedFolds {
  readonly folds: readonly ReportedFold[];
  /** By metric, and `base_rate`; null where no fold has a value. */
  readonly summary: Readonly<
    Record<
      string,
      {
        readonly folds: number;
        readonly mean: number | null;
        readonly standardDeviation: number | null;
        readonly min: number | null;
        readonly max: number | null;
      }
    >
  >;
}

export type ReportedFold =
  | {
      readonly observedOn: string;
      readonly trainRows: number;
      readonly trainTo: string;
      readonly rows: number;
      readonly positives: number;
      readonly baseRate: number | null;
      readonly metrics: Readonly<Record<string, ReportedMetric>>;
    }
  | { readonly observedOn: string; readonly reason: string };

interface ReportedContacts {
  readonly contacted: number;
  readonly caught: number;
  readonly inVain: number;
  readonly precision: number | null;
  readonly precisionInterval: { readonly lower: number; readonly upper: number } | null;
  readonly money: number;
}

/** What the lists of past months would have come to. */
export interface ReportedBacktest {
  readonly testedAt: string;
  readonly trainingSetVersion: number;
  readonly currency: string;
  readonly assumption: string;
  readonly money: string;
  readonly lists: readonly {
    readonly list: string;
    readonly tier: string;
    readonly horizonDays: number;
    readonly capacity: number | null;
    readonly months: readonly (
      | (ReportedContacts & {
          readonly observedOn: string;
          readonly baseRate: number | null;
          readonly caughtByOthers: number;
          readonly missed: number;
          readonly churn: number | null;
        })
      | { readonly observedOn: string; readonly reason: string }
    )[];
    readonly total: ReportedContacts & { readonly months: number; readonly leavers: number };
  }[];
  readonly total: ReportedContacts & { readonly leavers: number };
}
