/** All metrics of one prediction on one set of rows. */
import { type Figure, prepareMeasuring, type ScoredColumns } from './measure.ts';
import { metricList, type MetricOptions } from './metrics.ts';
import type { Confusion } from './probability-metrics.ts';

/** A metric's value; null, never NaN, where it has no meaning, and then with the reason. */
export interface MetricValue {
  readonly value: number | null;
  readonly reason?: string;
}

/** All metrics of one prediction, with the size of what they were measured on. */
export interface BinaryEvaluation<Value extends MetricValue = MetricValue> {
  readonly rows: number;
  readonly positives: number;
  /** Share of positives; null without rows. */
  readonly baseRate: number | null;
  /** The decision threshold and what comes of it; null without one. */
  readonly decision: ({ readonly threshold: number } & Confusion) | null;
  /** By the names of `metricList`, in its order. */
  readonly metrics: Readonly<Record<string, Value>>;
}

/** Every metric at once. What is thrown stands at `prepareMeasuring`. */
export function evaluateBinary(columns: ScoredColumns, options: MetricOptions = {}): BinaryEvaluation {
  const { figures, ...sample } = prepareMeasuring(columns, options)(Uint8Array.of(1));
  return evaluationOf(sample, figures.map(valueOf), options);
}

export const valueOf = (figure: Figure): MetricValue =>
  typeof figure === 'number' ? { value: figure } : { value: null, reason: figure };

/** Puts values in the order of `metricList` under their names. */
export function evaluationOf<Value extends MetricValue>(
  sample: { readonly rows: number; readonly positives: number; readonly confusion: Confusion | null },
  values: readonly Value[],
  options: MetricOptions,
): BinaryEvaluation<Value> {
  const { rows, positives, confusion } = sample;
  const { threshold } = options;
  return {
    rows,
    positives,
    baseRate: rows === 0 ? null : positives / rows,
    decision: confusion === null || threshold === undefined ? null : { threshold, ...confusion },
    metrics: Object.fromEntries(metricList(options).map(({ name }, index) => [name, values[index] as Value])),
  };
}
