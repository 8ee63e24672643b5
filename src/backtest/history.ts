/** The past as a walk along the months sees it: every row at risk, and what is known of it by now. */
import { type CalendarDate, firstOfMonth, formatDate } from '../domain/index.ts';

/** Rows at risk, ordered by observation date and key. */
export interface History {
  /** Observation date of each row, in days since 1970-01-01. */
  readonly days: Int32Array;
  /** A number for each row's entity. */
  readonly entities: Uint32Array;
  /** 1 where the row's entity is in the half `stop` of a validation split, 0 where it is in `calibrate`. */
  readonly inStopHalf: Uint8Array;
  /** Shortest first. */
  readonly horizons: readonly HorizonHistory[];
}

export interface HorizonHistory {
  readonly days: number;
  /** 0 or 1 a row; NaN where the outcome is not known yet. */
  readonly labels: Float32Array;
}

/** What the rows say about time, read once. */
export interface Calendar {
  /** Every observation date, ascending, as day numbers. */
  readonly days: readonly number[];
  /** One observation date a calendar month, ascending. */
  readonly months: readonly ObservedMonth[];
}

export interface ObservedMonth {
  /** Day number of the date of the month with the most rows, the earliest of several: what a walk stops at. */
  readonly day: number;
  /** Day number of the first date of the month. */
  readonly firstDay: number;
  /** Whether the outcome of each horizon is known for `day`. */
  readonly known: readonly boolean[];
}

/** Finds the observation dates of the rows, and of each calendar month the one that stands for it. */
export function readCalendar({ days, horizons }: History): Calendar {
  const found = new Map<number, { rows: number; known: boolean[] }>();
  for (let row = 0; row < days.length; row += 1) {
    const day = days[row] as number;
    const entry = found.get(day);
    if (entry !== undefined) entry.rows += 1;
    // An outcome is known for all rows of a date or for none, so that the first one tells.
    else found.set(day, { rows: 1, known: horizons.map(({ labels }) => !Number.isNaN(labels[row])) });
  }
  const distinct = [...found.keys()].sort((a, b) => a - b);
  const months = new Map<CalendarDate, ObservedMonth & { readonly rows: number }>();
  for (const day of distinct) {
    const { rows, known } = found.get(day) ?? { rows: 0, known: [] };
    const month = firstOfMonth(formatDate(day));
    const before = months.get(month);
    if (before === undefined) months.set(month, { day, firstDay: day, known, rows });
    else if (rows > before.rows) months.set(month, { ...before, day, known, rows });
  }
  return {
    days: distinct,
    months: [...months.values()].map(({ day, firstDay, known }) => ({ day, firstDay, known })),
  };
}

/** The newest months, at most `count`, for which a horizon's outcome is known, as day numbers, ascending. */
export function knownMonths({ months }: Calendar, horizon: number, count: number): number[] {
  const known = months.filter((month) => month.known[horizon] === true).map(({ day }) => day);
  return count === 0 ? [] : known.slice(-count);
}
