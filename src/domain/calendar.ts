/**
 * Calendar dates without a time or zone: text `YYYY-MM-DD` (years 0001 to 9999, proleptic
 * Gregorian; text order is date order) and day numbers (whole days since 1970-01-01).
 */
import { HoldfastError } from '../kernel/index.ts';

/** `YYYY-MM-DD`. */
export type CalendarDate = string;

const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_IN_400_YEARS = 146_097;
/** Days from 0000-03-01, where the counting below begins, to 1970-01-01. */
const DAYS_BEFORE_EPOCH = 719_468;
const FIRST_DAY = dayNumber(1, 1, 1);
const LAST_DAY = dayNumber(9999, 12, 31);

/** Day number of a date. Throws HF103 for anything but a real date written `YYYY-MM-DD`. */
export function parseDate(date: CalendarDate): number {
  const { year, month, day } = partsOf(date);
  return dayNumber(year, month, day);
}

/** Date of a day number. Throws HF103 outside the years 0001 to 9999. */
export function formatDate(days: number): CalendarDate {
  if (!Number.isInteger(days) || days < FIRST_DAY || days > LAST_DAY) {
    throw new HoldfastError('HF103', {
      message: `day number ${days} is no date of the years 0001 to 9999`,
      hint: 'Use a date of the years 0001 to 9999.',
    });
  }
  // The inverse of dayNumber: years begin in March, so that a leap day ends one.
  const shifted = days + DAYS_BEFORE_EPOCH;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfEra = shifted - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return write(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

/** The date so many days later (earlier where negative). Throws HF103. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return formatDate(parseDate(date) + days);
}

/** The same day so many months later, or that month's last day where it has no such day. Throws HF103. */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const { year, month, day } = partsOf(date);
  const count = year * 12 + (month - 1) + months;
  const laterYear = Math.floor(count / 12);
  const laterMonth = count - laterYear * 12 + 1;
  if (!Number.isInteger(months) || laterYear < 1 || laterYear > 9999) {
    throw new HoldfastError('HF103', {
      message: `${months} months after ${date} is no date of the years 0001 to 9999`,
      hint: 'Use a whole number of months within the years 0001 to 9999.',
    });
  }
  return write(laterYear, laterMonth, Math.min(day, daysInMonth(laterYear, laterMonth)));
}

/** Days from one date to another, negative where the other is earlier. Throws HF103. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return parseDate(to) - parseDate(from);
}

/** First day of the date's month. Throws HF103. */
export function firstOfMonth(date: CalendarDate): CalendarDate {
  const { year, month } = partsOf(date);
  return write(year, month, 1);
}

function partsOf(date: CalendarDate): { year: number; month: number; day: number } {
  const [year, month, day] = (DATE_PATTERN.exec(date) ?? []).slice(1).map(Number);
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    year < 1 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month)
  ) {
    throw new HoldfastError('HF103', {
      message: `"${date}" is not a date`,
      hint: 'Write dates as YYYY-MM-DD, such as 2024-03-31.',
    });
  }
  return { year, month, day };
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01, counted in years that begin in March and eras of 400 of them. */
function dayNumber(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_400_YEARS + dayOfEra - DAYS_BEFORE_EPOCH;
}

function write(year: number, month: number, day: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Whole months since the year 0: neighbouring months differ by 1. Throws HF103 for what is no date. */
export function monthNumber(date: CalendarDate): number {
  const { year, month } = partsOf(date);
  return 12 * year + month - 1;
}

/** The calendar month of a date, such as `2024-03`. */
export const monthOf = (date: CalendarDate): string => date.slice(0, 7);
