/**
 * The rules of time for one entity observed on a date T: what its label is, which split it belongs
 * to, whether it is at risk. The engine applies them in SQL; these are the reference that the SQL
 * is tested against. All throw HF103 for text that is no date.
 */
import { HoldfastError } from '../kernel/index.ts';
import { addDays, type CalendarDate, daysBetween, firstOfMonth, parseDate } from './calendar.ts';

/** A target event: the entity asked to leave, and when that was carried out (null: not known yet). */
export interface TargetEvent {
  readonly placed: CalendarDate;
  readonly completed: CalendarDate | null;
}

/** The dates at which splits begin: train < validationFrom <= validation < testFrom <= test. */
export interface SplitBoundaries {
  /** First date of the validation split. */
  readonly validationFrom: CalendarDate;
  /** First date of the test split. */
  readonly testFrom: CalendarDate;
}

/** `purged`: left out, because the label window reaches into the next split. */
export type Split = 'train' | 'validation' | 'test' | 'purged';

/**
 * Label of horizon h days at T: 1 where an event was placed in [T, T+h), else 0. It is unknown
 * (null) while the window's last day T+h-1 lies after `observedTo`, the last complete day of data,
 * even if an event was seen already: keeping only the positives of open windows would bias the
 * rate.
 */
export function labelFor(
  horizonDays: number,
  observedOn: CalendarDate,
  eventDates: readonly CalendarDate[],
  observedTo: CalendarDate,
): 1 | 0 | null {
  const start = parseDate(observedOn);
  const end = start + horizonDays;
  if (end - 1 > parseDate(observedTo)) return null;
  const inWindow = eventDates.map(parseDate).some((placed) => placed >= start && placed < end);
  return inWindow ? 1 : 0;
}

/**
 * Split of a row observed on T for a horizon of h days. A training or validation row whose window
 * [T, T+h) holds a day of the next split (T+h > boundary) is purged.
 */
export function splitFor(observedOn: CalendarDate, horizonDays: number, boundaries: SplitBoundaries): Split {
  const start = parseDate(observedOn);
  const end = start + horizonDays;
  const validationFrom = parseDate(boundaries.validationFrom);
  const testFrom = parseDate(boundaries.testFrom);
  if (start >= testFrom) return 'test';
  if (start >= validationFrom) return end > testFrom ? 'purged' : 'validation';
  return end > validationFrom ? 'purged' : 'train';
}

/** How many of the newest labelled months go to validation and test. */
export interface RollingMonths {
  readonly validation: number;
  readonly test: number;
  /**
   * Where given, validation reaches back by as many more months as the horizon needs for its first
   * month to survive the purge. Three months hold 89 to 92 days, so that a horizon of 90 days would
   * otherwise have no validation rows in one month of the year (February to April).
   */
  readonly horizonDays?: number;
}

/**
 * Boundaries that put the newest labelled months in test and those before them in validation.
 * `labelledMonths` are dates within the months whose label is known; their order and repeats do not
 * matter. Throws HF207 where no month is left to train on.
 */
export function rollingBoundaries(
  labelledMonths: readonly CalendarDate[],
  { validation, test, horizonDays = 0 }: RollingMonths,
): SplitBoundaries {
  const months = [...new Set(labelledMonths.map(firstOfMonth))].sort();
  const testIndex = months.length - test;
  const testFrom = months[testIndex];
  let validationIndex = testIndex - validation;
  const tooEarly = (index: number): boolean =>
    testFrom !== undefined && daysBetween(months[index] as string, testFrom) < horizonDays;
  while (validationIndex > 0 && tooEarly(validationIndex)) validationIndex -= 1;
  const validationFrom = months[validationIndex];
  if (validationIndex < 1 || validationFrom === undefined || testFrom === undefined) {
    throw new HoldfastError('HF207', {
      message: `${months.length} labelled months are too few for ${validation} of validation and ${test} of test`,
      hint: 'Give more months of data, or ask for fewer months of validation and test.',
    });
  }
  return { validationFrom, testFrom };
}

/**
 * Whether the entity may still decide to leave at T. It may not while an event is open: placed
 * before T, at most `openDays` before it, and not completed before T.
 */
export function isAtRisk(
  observedOn: CalendarDate,
  events: readonly TargetEvent[],
  openDays: number,
): boolean {
  const day = parseDate(observedOn);
  const oldest = parseDate(addDays(observedOn, -openDays));
  return !events.some(({ placed, completed }) => {
    const placedDay = parseDate(placed);
    const open = completed === null || parseDate(completed) >= day;
    return placedDay < day && placedDay >= oldest && open;
  });
}
