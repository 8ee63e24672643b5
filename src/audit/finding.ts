import type { Acknowledged, LeakKind } from '../pack/index.ts';

/** One thing that the audit found. */
export interface Finding {
  readonly kind: LeakKind;
  /** Undefined where it is about rows or splits. */
  readonly feature: string | undefined;
  /** What was seen, with counts, dates and an example. */
  readonly evidence: string;
  /** Entities whose feature changed, of so many compared; only of findings by rebuilding. */
  readonly entities?: { readonly changed: number; readonly compared: number };
  /** Observation dates on which it showed. */
  readonly dates?: readonly string[];
  readonly example?: {
    readonly entity: string;
    readonly date: string;
    readonly value: string;
    readonly instead: string;
  };
}

/** A finding with what the pack says of it. */
export interface JudgedFinding extends Finding {
  readonly whatToDo: string;
  /** The reason that the pack gives for it; undefined where nobody stands for it. */
  readonly acknowledged: string | undefined;
}

/** What to do about each kind, beside acknowledging it. */
const WHAT_TO_DO: Readonly<Record<LeakKind, string>> = {
  not_deterministic: 'take the function out of the SQL, or count from observation_date instead of today',
  same_day: 'count an event from its true date: an event of T itself is known only after T',
  label_window: 'use the true date of the rows, or declare available_at for the table in time.known',
  whole_history: 'take the value over rows before T: move it into the feature SQL, which reads known.*',
  future_filled: 'leave the value missing, or carry an earlier one forward',
  later_snapshot: 'read the snapshot of T alone, or earlier ones as a known table of their own',
  snapshot_after_date: 'date the snapshot by the day it was taken: time.spine.date',
  late_arrival:
    'declare available_at for the table in time.known; columns that hold plans go into columns_available_at',
  filled_later: 'declare the column in columns_available_at of its known table',
  target_encoding: 'take rates over events before T, in the feature SQL',
  reads_target: 'take the target out of the SQL that makes the feature',
  separates:
    'find out when the value is recorded; a value that is filled in because of the event does not belong into the features',
  missingness: 'find out why the value is missing for one class; leave it out, or take its state before T',
  open_event: 'declare the first sign of the event as the event itself: time.event.placed',
  id_order: 'draw keys anew that say nothing, and find out what the order of delivery stands for',
  identical_rows: 'keep one of the identical rows, or put whole groups of them on one side of the split',
  repeated_rows: 'keep one row an entity and observation date',
  label_windows_cross:
    'make the splits again with holdfast build; nothing of a label may reach into the next split',
};

/** Joins findings with what the pack acknowledges: by feature and kind, or by kind for rows and splits. */
export function judge(findings: readonly Finding[], acknowledged: readonly Acknowledged[]): JudgedFinding[] {
  return findings.map((finding) => ({
    ...finding,
    whatToDo: WHAT_TO_DO[finding.kind],
    acknowledged: acknowledged.find(
      ({ kind, feature }) => kind === finding.kind && feature === finding.feature,
    )?.reason,
  }));
}
