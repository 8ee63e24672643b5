/** Figures as people read them. What is missing is a dash, never a nought. */

export const MISSING = '—';
/** Below it a share is not nothing, and not one percent either. */
const ONE_PERCENT = 0.01;

const COUNT = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const MEASURE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
/** By currency: to make one costs more than to draw a row of a table. */
const MONEY = new Map<string, Intl.NumberFormat>();
const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const TIME_OF_YEAR = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
const INSTANT = new Intl.DateTimeFormat('en-GB', TIME_OF_YEAR);
const INSTANT_OF_ANOTHER_YEAR = new Intl.DateTimeFormat('en-GB', { ...TIME_OF_YEAR, year: 'numeric' });
/** Two decimals say nothing of what is smaller. */
const SMALL = 0.1;
const SMALL_VALUE = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

type Maybe = number | null | undefined;

/** `12,345`. */
export const count = (value: Maybe): string => (isKnown(value) ? COUNT.format(value) : MISSING);

/** Whole percent in lists, `<1 %` for what is little and `>99 %` for what is nearly all. */
export function percent(value: Maybe): string {
  if (!isKnown(value)) return MISSING;
  if (value > 0 && value < ONE_PERCENT) return '<1 %';
  if (value < 1 && value > 1 - ONE_PERCENT) return '>99 %';
  return `${(value * 100).toFixed(0)} %`;
}

/** A bound as somebody wrote it, without the sign: `2.5`. */
export const percentAsTyped = (value: number): string => String(Number((value * 100).toFixed(2)));

/** One decimal, where a figure stands by itself. */
export function percentInDetail(value: Maybe): string {
  if (!isKnown(value)) return MISSING;
  if (value > 0 && value < ONE_PERCENT / 10) return '<0.1 %';
  return `${(value * 100).toFixed(1)} %`;
}

/** `£1,234`; in whole units of the currency. */
export function money(value: Maybe, currency: string): string {
  if (!isKnown(value)) return MISSING;
  let format = MONEY.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-GB', { style: 'currency', currency, maximumFractionDigits: 0 });
    MONEY.set(currency, format);
  }
  return format.format(value);
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `12.3 MB`, in steps of a thousand. */
export function bytes(value: Maybe): string {
  if (!isKnown(value)) return MISSING;
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), BYTE_UNITS.length - 1);
  return `${(value / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${BYTE_UNITS[step] ?? ''}`;
}

/** `+12`, `−3`, `±0`. */
export function signed(value: Maybe, text: (size: number) => string = count): string {
  if (!isKnown(value)) return MISSING;
  const sign = value > 0 ? '+' : value < 0 ? '−' : '±';
  return `${sign}${text(Math.abs(value))}`;
}

/** `1 Jun 2024`, of a day or an instant. */
export const day = (value: string | null | undefined): string =>
  value === null || value === undefined ? MISSING : DATE.format(new Date(value));

/** `1 Jun, 14:05`, in the time of whoever reads it; with its year where that is another one. */
export function instant(value: string | null | undefined, now = new Date()): string {
  if (value === null || value === undefined) return MISSING;
  const at = new Date(value);
  return (at.getFullYear() === now.getFullYear() ? INSTANT : INSTANT_OF_ANOTHER_YEAR).format(at);
}

export const DAY_MS = 86_400_000;

/** Whole days from a day or an instant to an instant, in milliseconds. */
export const daysBetween = (from: string, to: number): number =>
  Math.floor((to - new Date(from).getTime()) / DAY_MS);

/** A value of a feature with its unit. */
export function featureValue(value: string | number | boolean | null, unit: string | null = null): string {
  if (value === null) return MISSING;
  if (unit === 'share' && typeof value === 'number') return percentInDetail(value);
  const text =
    typeof value === 'number'
      ? (Math.abs(value) < SMALL ? SMALL_VALUE : MEASURE).format(value)
      : String(value);
  return unit === null || unit === 'count' ? text : `${text} ${unit}`;
}

/** A figure without a unit, such as an area under a curve. */
export const decimal = (value: Maybe): string => (isKnown(value) ? value.toFixed(3) : MISSING);

const isKnown = (value: Maybe): value is number =>
  value !== null && value !== undefined && !Number.isNaN(value);
