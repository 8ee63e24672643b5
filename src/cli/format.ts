/** Numbers and texts as a terminal shows them. */
export { snakeKeys } from '../kernel/index.ts';
import CliTable from 'cli-table3';
import { groupDigits } from '../kernel/index.ts';

/** A value of a table cell. */
export type Cell = unknown;

/** Seconds as `0.8 s`, `42 s`, `3:07 min` or `2:05:10 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)} min`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)} h`;
}

/** Bytes as `1.5 GB`, in steps of 1,000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[step] ?? 'B'}`;
}

/** A count in short form: `950`, `12.3k`, `4.5M`. */
export function formatCount(count: number): string {
  if (count < 1000) return String(Math.round(count));
  if (count < 1e6) return `${(count / 1e3).toFixed(count < 1e4 ? 1 : 0)}k`;
  if (count < 1e9) return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)}M`;
  return `${(count / 1e9).toFixed(1)}G`;
}

/** `1 table`, `2 tables`, `12,345 rows`. */
export function counted(count: number, noun: string): string {
  return `${groupDigits(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A value as a cell shows it: missing as —, numbers with grouped digits. */
export function formatCell(value: Cell): string {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'bigint') return groupDigits(value);
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? groupDigits(value)
      : new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 6 }).format(value);
  }
  return typeof value === 'string' ? value : JSON.stringify(value, jsonValue);
}

/** A table without lines: columns two blanks apart, numbers to the right. */
export function formatTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumber = (value: Cell): boolean => typeof value === 'number' || typeof value === 'bigint';
  const isNumeric = head.map(
    (_, column) =>
      rows.some((row) => isNumber(row[column])) &&
      rows.every((row) => row[column] === null || row[column] === undefined || isNumber(row[column])),
  );
  const table = new CliTable({
    head: [...head],
    colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
  });
  table.push(...rows.map((row) => row.map(formatCell)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** `JSON.stringify` replacer: a bigint as a number where that is exact, else as text. */
export function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

/** `.312 [.290, .335]`, or why there is no value. */
export function intervalText(metric: Measured | undefined, digits = 3): string {
  if (metric === undefined || metric.value === null) return metric?.reason ?? '—';
  const { value, lower, upper } = metric;
  if (lower === null || upper === null) return value.toFixed(digits);
  return `${value.toFixed(digits)} [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
}

interface Measured {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly reason?: string;
}
