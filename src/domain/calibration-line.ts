/** Calibration as a line: log-odds of what happened against log-odds of what was said. */
import type { GroupCounts } from './groups.ts';
import { fitLogistic } from './logistic.ts';
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

/** Groups that a resample joins lie at most so far apart in log-odds. */
const CELL_WIDTH = 1 / 256;

/** Measures counts of groups of equal probability. Both classes must be there. */
export interface LineMeasure {
  /** The line of the counts, to the last digits. */
  readonly of: (counts: GroupCounts) => LineOrReason;
  /**
   * The line of a resample, searched from the sample's own. Groups that lie closer than 1/256 in
   * log-odds are taken as one, which moves the line by about a hundred-thousandth and no more.
   */
  readonly near: (counts: GroupCounts, sample: CalibrationLine) => LineOrReason;
}

/** Prepares the measuring of counts of groups with these probabilities, which fall. */
export function calibrationLine(values: Float64Array): LineMeasure {
  const logOdds = values.map(logOddsOf);
  const cellEnds = cellsOf(logOdds);
  const cellLogOdds = Float64Array.from(
    cellEnds,
    (end, cell) => ((logOdds[end] as number) + (logOdds[(cellEnds[cell - 1] ?? -1) + 1] as number)) / 2,
  );
  return {
    of: (counts) => fitLine(logOdds, counts, { slope: 1, intercept: 0, shift: 0 }, 1e-10),
    near: ({ rows, positives }, sample) => {
      const counts = { rows: at(rows, cellEnds), positives: at(positives, cellEnds) };
      return fitLine(cellLogOdds, counts, sample, 1e-5);
    },
  };
}

/** The column's values at these groups. */
function at(column: Float64Array, groups: Uint32Array): Float64Array {
  const result = new Float64Array(groups.length);
  for (let place = 0; place < groups.length; place += 1)
    result[place] = column[groups[place] as number] as number;
  return result;
}

/** The last group of each cell. */
function cellsOf(logOdds: Float64Array): Uint32Array {
  const ends: number[] = [];
  let start = Infinity;
  logOdds.forEach((value, group) => {
    if (start - value > CELL_WIDTH || group === 0) {
      ends.push(group);
      start = value;
    } else ends[ends.length - 1] = group;
  });
  return Uint32Array.from(ends);
}

function fitLine(
  logOdds: Float64Array,
  counts: GroupCounts,
  start: CalibrationLine,
  tolerance: number,
): LineOrReason {
  const reason = reasonWithout(counts);
  if (reason !== null) return { reason };
  const shared = { rows: logOdds.length, ...perGroup(counts), tolerance };
  const line = fitLogistic({
    ...shared,
    columns: 1,
    fill: (from, count, block) => {
      block.set(logOdds.subarray(from, from + count));
    },
    start: [start.intercept, start.slope],
  });
  const shift = fitLogistic({
    ...shared,
    columns: 0,
    fill: () => undefined,
    offset: logOdds,
    start: [start.shift],
  });
  if (!line.converged || !shift.converged) return { reason: 'the search for the line did not end' };
  return { slope: line.coefficients[0] as number, intercept: line.intercept, shift: shift.intercept };
}

/** Counts of each group alone. */
function perGroup({ rows, positives }: GroupCounts): { weights: Float64Array; hits: Float64Array } {
  const alone = (column: Float64Array): Float64Array => {
    const result = new Float64Array(column.length);
    let above = 0;
    for (let group = 0; group < column.length; group += 1) {
      const here = column[group] as number;
      result[group] = here - above;
      above = here;
    }
    return result;
  };
  return { weights: alone(rows), hits: alone(positives) };
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
