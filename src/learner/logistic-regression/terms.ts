/** How a feature matrix with missing values and category codes becomes standardised columns. */
import type { FeatureMatrix } from '../learner.ts';

/** One column of the design, standardised: (what it reads - mean) / scale. */
export type LogisticTerm = {
  /** Column of the feature matrix. */
  readonly column: number;
  readonly mean: number;
  /** Standard deviation over the training rows, above 0. */
  readonly scale: number;
} & (
  | /** The value; where it is missing, the mean. */ { readonly reads: 'value' }
    /** 1 where the value is missing, else 0. */
  | { readonly reads: 'missing' }
  /** 1 where the category has this code, else 0. */
  | { readonly reads: 'code'; readonly code: number }
);

/** Rarer categories than so many have no column of their own. */
const CODES_AT_MOST = 50;

/**
 * The terms of a matrix: a number's value, with an indicator where training rows miss it, or one
 * indicator for each of the 50 most frequent categories. What does not vary over the rows has none.
 */
export function termsOf(
  matrix: FeatureMatrix,
  rows: Uint32Array,
  categorical: ReadonlySet<number>,
): readonly LogisticTerm[] {
  return Array.from({ length: matrix.columns }, (_, column) =>
    categorical.has(column) ? codeTerms(matrix, rows, column) : valueTerms(matrix, rows, column),
  ).flat();
}

function valueTerms(matrix: FeatureMatrix, rows: Uint32Array, column: number): readonly LogisticTerm[] {
  const start = column * matrix.rows;
  let sum = 0;
  let known = 0;
  for (const row of rows) {
    const value = matrix.data[start + row] as number;
    if (!Number.isFinite(value)) continue;
    sum += value;
    known += 1;
  }
  if (known === 0) return [];
  const mean = sum / known;
  let squares = 0;
  for (const row of rows) {
    const value = matrix.data[start + row] as number;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  const scale = Math.sqrt(squares / rows.length);
  const missing = indicator(rows.length - known, rows.length);
  return [
    // A spread that rounding alone gives to a constant is none.
    ...(scale > 1e-12 * Math.abs(mean) ? [{ column, reads: 'value', mean, scale } as const] : []),
    ...(missing === null ? [] : [{ column, reads: 'missing', ...missing } as const]),
  ];
}

function codeTerms(matrix: FeatureMatrix, rows: Uint32Array, column: number): readonly LogisticTerm[] {
  const start = column * matrix.rows;
  const counts = new Map<number, number>();
  for (const row of rows) {
    const code = matrix.data[start + row] as number;
    if (Number.isFinite(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts]
    .sort(([code, count], [other, otherCount]) => otherCount - count || code - other)
    .slice(0, CODES_AT_MOST)
    .flatMap(([code, count]) => {
      const moments = indicator(count, rows.length);
      return moments === null ? [] : [{ column, reads: 'code', code, ...moments } as const];
    });
}

/** Mean and standard deviation of an indicator that is 1 in `count` rows, or null where it is constant. */
function indicator(count: number, rows: number): { mean: number; scale: number } | null {
  if (count === 0 || count === rows) return null;
  const mean = count / rows;
  return { mean, scale: Math.sqrt(mean * (1 - mean)) };
}

/** Writes the terms of some rows to `block`: term after term, each as long as there are rows. */
export function fillTerms(
  matrix: FeatureMatrix,
  terms: readonly LogisticTerm[],
  rows: Uint32Array,
  block: Float64Array,
): void {
  const { data } = matrix;
  terms.forEach((term, index) => {
    const start = term.column * matrix.rows;
    const to = index * rows.length;
    const { mean, scale } = term;
    const factor = 1 / scale;
    if (term.reads === 'value') {
      for (let place = 0; place < rows.length; place += 1) {
        const value = data[start + (rows[place] as number)] as number;
        block[to + place] = Number.isFinite(value) ? (value - mean) * factor : 0;
      }
      return;
    }
    const [yes, no] = [(1 - mean) / scale, -mean / scale];
    const { reads } = term;
    const code = reads === 'code' ? term.code : NaN;
    for (let place = 0; place < rows.length; place += 1) {
      const value = data[start + (rows[place] as number)] as number;
      const holds = reads === 'code' ? value === code : !Number.isFinite(value);
      block[to + place] = holds ? yes : no;
    }
  });
}
