/** A metric with its interval, or why there is none. */
export interface ReportedMetric {
  readonly value: number | null;
  readonly lower?: number | null;
  readonly upper?: number | null;
  readonly reason?: string;
}
