/** Figures as reports show them. */
import { groupDigits } from '../kernel/index.ts';
import type { ReportedSplit } from './model-report.ts';
import type { ReportedMetric } from './reported-metric.ts';

export const count = (value: number): string => groupDigits(value);

/** A share of 1 with as many decimals as it needs: `4.3 %`, `0.04 %`. */
export function percent(value: number | null): string | null {
  if (value === null || Number.isNaN(value)) return null;
  const points = value * 100;
  return `${points.toFixed(Math.abs(points) >= 10 || points === 0 ? 1 : Math.abs(points) >= 0.1 ? 2 : 3)} %`;
}

export const decimal = (value: number | null, digits = 3): string | null =>
  value === null || Number.isNaN(value) ? null : value.toFixed(digits);

/** A metric of a split with its interval, or why there is none. */
export function metricText(split: ReportedSplit, name: string): string {
  if (!('rows' in split)) return split.reason;
  return intervalText(split.metrics[name]);
}

export function intervalText(metric: ReportedMetric | undefined): string {
  if (metric === undefined) return '—';
  const { value, lower, upper, reason } = metric;
  if (value === null) return reason ?? '—';
  // Small scores such as Brier and calibration error need more digits than ranking metrics.
  const digits = Math.abs(value) < 0.1 ? 4 : Math.abs(value) < 10 ? 3 : 1;
  const shown = value.toFixed(digits);
  return lower === null || upper === null || lower === undefined || upper === undefined
    ? shown
    : `${shown} [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
}

/** A share with its interval: `42.0 % [31.2, 53.6]`. */
export function shareText(
  share: number | null,
  interval: { readonly lower: number; readonly upper: number } | null,
): string | null {
  const shown = percent(share);
  if (shown === null || interval === null) return shown;
  return `${shown} [${(100 * interval.lower).toFixed(1)}, ${(100 * interval.upper).toFixed(1)}]`;
}

/** The ends of a metric's interval, for a chart; nothing where it has none. */
export function rangeOf(metric: ReportedMetric | undefined): { lower?: number; upper?: number } {
  const { lower, upper } = metric ?? {};
  return typeof lower === 'number' && typeof upper === 'number' ? { lower, upper } : {};
}
