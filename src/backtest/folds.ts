/** Folds: which rows the model of a past month could have learnt from. */
import { type CalendarDate, formatDate, monthOf, type Split, splitFor } from '../domain/index.ts';
import { groupDigits } from '../kernel/index.ts';
import type { Calendar, History, HorizonHistory } from './history.ts';

/** A past month D: its rows, and for each horizon what the model that could have existed then is made of. */
export interface Fold {
  readonly observedOn: CalendarDate;
  /** Rows observed on D, ascending. */
  readonly rows: Uint32Array;
  /** In the order of the history's horizons. */
  readonly horizons: readonly HorizonFold[];
}

export type HorizonFold = PlannedModel | NoModel;

/** Row indexes are ascending. No row's outcome lies after D, no training row's after the start of validation. */
export interface PlannedModel {
  readonly days: number;
  readonly train: Uint32Array;
  readonly stop: Uint32Array;
  readonly calibrate: Uint32Array;
  /** Observation dates of the first and the last training row. */
  readonly trainFrom: CalendarDate;
  readonly trainTo: CalendarDate;
  readonly validationFrom: CalendarDate;
}

/** Why no model of this horizon could have existed. */
export interface NoModel {
  readonly days: number;
  readonly reason: string;
}

/**
 * The fold of a month D (a day number): the split of the pack, with the test split beginning on D. Validation
 * is the `validationMonths` before D, and as many more as the horizon needs for one outcome to be known on D;
 * training is everything before it. Rows whose window [T, T+h) reaches into the next part are left out.
 */
export function planFold(history: History, calendar: Calendar, day: number, validationMonths: number): Fold {
  return {
    observedOn: formatDate(day),
    rows: rowsOn(history, day),
    horizons: history.horizons.map((horizon) =>
      planModel(history, calendar, { horizon, day, validationMonths }),
    ),
  };
}

interface ModelRequest {
  readonly horizon: HorizonHistory;
  readonly day: number;
  readonly validationMonths: number;
}

function planModel(history: History, calendar: Calendar, request: ModelRequest): HorizonFold {
  const { horizon, day } = request;
  const { days: horizonDays } = horizon;
  const start = validationStart(calendar, request);
  if (typeof start === 'string') return { days: horizonDays, reason: start };
  const boundaries = { validationFrom: formatDate(start), testFrom: formatDate(day) };
  const parts = partsOf(history, horizon, (observedOn) => splitFor(observedOn, horizonDays, boundaries));
  const lacking = whatIsLacking(horizon, parts);
  if (lacking !== undefined) return { days: horizonDays, reason: lacking };
  const observed = (row: number | undefined): CalendarDate => formatDate(history.days[row ?? 0] ?? 0);
  return {
    days: horizonDays,
    ...parts,
    trainFrom: observed(parts.train[0]),
    trainTo: observed(parts.train.at(-1)),
    validationFrom: boundaries.validationFrom,
  };
}

/** First day of validation, or why there is none. */
function validationStart(
  { months }: Calendar,
  { horizon, day, validationMonths }: ModelRequest,
): number | string {
  // The month of D itself may have begun before D; it is no month of its own.
  const monthOfDay = (date: number): string => monthOf(formatDate(date));
  const earlier = months
    .map(({ firstDay }) => firstDay)
    .filter((first) => monthOfDay(first) < monthOfDay(day));
  let index = earlier.length - validationMonths;
  while (index > 0 && (earlier[index] ?? day) + horizon.days > day) index -= 1;
  const start = earlier[index];
  if (index >= 1 && start !== undefined) return start;
  return `too little history: ${earlier.length === 1 ? '1 month' : `${groupDigits(earlier.length)} months`} before it`;
}

/** Training, early stopping and calibration each need rows of both outcomes. */
function whatIsLacking({ labels }: HorizonHistory, parts: PlannedRows): string | undefined {
  for (const [name, rows] of Object.entries(parts)) {
    let positives = 0;
    for (const row of rows) positives += labels[row] as number;
    if (positives > 0 && positives < rows.length) continue;
    return rows.length === 0
      ? `too little history: there are no ${name} rows`
      : `too little history: of ${groupDigits(rows.length)} ${name} rows ${groupDigits(positives)} are positive`;
  }
  return undefined;
}

type PlannedRows = Pick<PlannedModel, 'train' | 'stop' | 'calibrate'>;

/** The rows of each part, by the split of their observation date. */
function partsOf(
  { days, inStopHalf }: History,
  { labels }: HorizonHistory,
  splitOn: (observedOn: CalendarDate) => Split,
): PlannedRows {
  const splits = new Map<number, Split>();
  const rows = { train: new Uint32Array(days.length), validation: new Uint32Array(days.length) };
  const counts = { train: 0, validation: 0 };
  for (let row = 0; row < days.length; row += 1) {
    const day = days[row] as number;
    let split = splits.get(day);
    if (split === undefined) {
      split = splitOn(formatDate(day));
      splits.set(day, split);
    }
    if ((split !== 'train' && split !== 'validation') || Number.isNaN(labels[row])) continue;
    rows[split][counts[split]] = row;
    counts[split] += 1;
  }
  const validation = rows.validation.subarray(0, counts.validation);
  return {
    train: rows.train.slice(0, counts.train),
    stop: validation.filter((row) => inStopHalf[row] === 1),
    calibrate: validation.filter((row) => inStopHalf[row] === 0),
  };
}

function rowsOn({ days }: History, day: number): Uint32Array {
  const rows: number[] = [];
  days.forEach((observed, row) => {
    if (observed === day) rows.push(row);
  });
  return Uint32Array.from(rows);
}
