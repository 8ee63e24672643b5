/** Folds for cross-validation: which rows are learnt from and which are judged, never both. */
import type { Labels } from './columns.ts';
import { assertCount } from './options.ts';
import { hashOfNumbers } from './random.ts';

/** One fold; indexes of rows, ascending. */
export interface FoldRows {
  readonly train: Uint32Array;
  readonly judged: Uint32Array;
}

/** The rows that folds are made of; one value a row of the matrix each. */
export interface FoldColumns {
  /** Indexes of the rows to deal out, ascending. */
  readonly rows: Uint32Array;
  readonly labels: Labels;
  /** Rows of one group (an entity, or identical rows) stay on one side. */
  readonly groups: Uint32Array;
}

/**
 * K folds of about equal size with about equal shares of positives. Groups are dealt one after the other in an
 * order drawn by the seed, those with a positive first; every row is judged once.
 */
export function stratifiedFolds(
  { rows, labels, groups }: FoldColumns,
  count: number,
  seed: number,
): FoldRows[] {
  assertCount(count, 'folds', 2);
  const stratumOf = new Map<number, { positive: boolean; size: number }>();
  for (const row of rows) {
    const group = groups[row] as number;
    const known = stratumOf.get(group) ?? { positive: false, size: 0 };
    stratumOf.set(group, { positive: known.positive || labels[row] === 1, size: known.size + 1 });
  }
  const foldOf = new Map<number, number>();
  for (const positive of [true, false]) {
    const members = [...stratumOf]
      .filter(([, stratum]) => stratum.positive === positive)
      .map(([group, { size }]) => ({ group, size, place: hashOfNumbers(seed, group) }))
      // The largest first, so that a small group evens out what a large one filled.
      .sort((a, b) => b.size - a.size || a.place - b.place || a.group - b.group);
    const filled = new Array<number>(count).fill(0);
    for (const { group, size } of members) {
      const fold = filled.indexOf(Math.min(...filled));
      filled[fold] = (filled[fold] as number) + size;
      foldOf.set(group, fold);
    }
  }
  return Array.from({ length: count }, (_, fold) => ({
    train: rows.filter((row) => foldOf.get(groups[row] as number) !== fold),
    judged: rows.filter((row) => foldOf.get(groups[row] as number) === fold),
  }));
}

/**
 * Folds that go forward in time: the later half of the days is cut into `count` blocks, each judged by what was
 * known before it. A row whose window of `horizonDays` reaches into the block is left out of its training rows.
 * Fewer folds where there are fewer days.
 */
export function temporalFolds(
  { rows, days }: { readonly rows: Uint32Array; readonly days: Int32Array },
  count: number,
  horizonDays: number,
): FoldRows[] {
  assertCount(count, 'folds', 1);
  const dates = [...new Set(Array.from(rows, (row) => days[row] as number))].sort((a, b) => a - b);
  const first = Math.ceil(dates.length / 2);
  const blocks = Math.min(count, dates.length - first);
  return Array.from({ length: blocks }, (_, block) => {
    const from = first + Math.floor(((dates.length - first) * block) / blocks);
    const to = first + Math.floor(((dates.length - first) * (block + 1)) / blocks);
    const begin = dates[from] as number;
    const end = dates[to] ?? Infinity;
    return {
      train: rows.filter((row) => (days[row] as number) + horizonDays <= begin),
      judged: rows.filter((row) => (days[row] as number) >= begin && (days[row] as number) < end),
    };
  });
}
