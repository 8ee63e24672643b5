/** Calibration as a line: log-odds of what happened against log-odds of what was said. */
import type { GroupCounts } from './groups.ts';
import { fitLogistic, type LogisticFit } from './logistic.ts';
import { logOddsOf } from './log-odds.ts';

/** What Cox (1958) measures calibration by. */
export interface CalibrationLine {
  /** Coefficient of the probabilities' log-odds in a logistic regression of the label; 1 is right. */
  readonly slope: number;
  /** Intercept of the same regression; 0 is right. */
  readonly intercept: number;
  /** Intercept where the slope is held at 1 (calibration in the large); 0 is right. */
  readonly shift: number;
}

/** Why a line cannot be fitted, or the line. */
export type LineOrReason = CalibrationLine | { readonly reason: string };

/**
 * Measures counts of these groups of equal probability (falling). Counts of the whole sample make
 * those of its resamples quick: their search starts at the sample's line. Both classes must be there.
 */
export function calibrationLine(
  values: Float64Array,
): (counts: GroupCounts, near?: LineOrReason) => LineOrReason {
  const logOdds = values.map(logOddsOf);
  const fill = (from: number, count: number, block: Float64Array): void => {
    block.set(logOdds.subarray(from, from + count));
  };
  return (counts, near) => {
    const reason = reasonWithout(counts);
    if (reason !== null) return { reason };
    const started = near !== undefined && 'slope' in near;
    const rows = values.length;
    const shared = { rows, ...perGroup(counts), tolerance: started ? 1e-4 : 1e-10 };
    const line = fitLogistic({
      ...shared,
      columns: 1,
      fill,
      ...(started ? { start: startAt(near.intercept, near.slope) } : {}),
    });
    const shift = fitLogistic({
      ...shared,
      columns: 0,
      fill: () => undefined,
      offset: logOdds,
      start: startAt(started ? near.shift : 0),
    });
    if (!line.converged || !shift.converged) return { reason: 'the search for the line did not end' };
    return { slope: line.coefficients[0] as number, intercept: line.intercept, shift: shift.intercept };
  };
}

const startAt = (intercept: number, ...coefficients: readonly number[]): LogisticFit => ({
  intercept,
  coefficients,
  converged: true,
});

/** Counts of each group alone. */
function perGroup({ rows, positives }: GroupCounts): { weights: Float64Array; hits: Float64Array } {
  const weights = new Float64Array(rows.length);
  const hits = new Float64Array(rows.length);
  for (let group = 0; group < rows.length; group += 1) {
    weights[group] = (rows[group] as number) - (rows[group - 1] ?? 0);
    hits[group] = (positives[group] as number) - (positives[group - 1] ?? 0);
  }
  return { weights, hits };
}

/** A slope exists only where the classes overlap: otherwise the likelihood grows without end. */
function reasonWithout({ rows, positives }: GroupCounts): string | null {
  const allPositives = positives.at(-1) ?? 0;
  const allNegatives = (rows.at(-1) ?? 0) - allPositives;
  const negatives = (group: number): number => (rows[group] as number) - (positives[group] as number);
  const places = rows.length;
  let firstPositive = 0;
  while (firstPositive < places && positives[firstPositive] === 0) firstPositive += 1;
  let firstNegative = 0;
  while (firstNegative < places && negatives(firstNegative) === 0) firstNegative += 1;
  let lastPositive = places - 1;
  while (lastPositive > 0 && positives[lastPositive - 1] === allPositives) lastPositive -= 1;
  let lastNegative = places - 1;
  while (lastNegative > 0 && negatives(lastNegative - 1) === allNegatives) lastNegative -= 1;
  if (Math.min(firstPositive, firstNegative) === Math.max(lastPositive, lastNegative))
    return 'all probabilities are equal';
  if (lastPositive <= firstNegative || lastNegative <= firstPositive)
    return 'the probability separates the classes';
  return null;
}
