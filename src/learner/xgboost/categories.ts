/**
 * The categories that a model has seen in training. XGBoost itself would take a code it has never seen for
 * one that was not chosen in any split; to Holdfast it is missing, as to the other learners. The codes are
 * kept in an attribute of the model, which every XGBoost carries along and passes over.
 */
import type { TrainingTask } from '../learner.ts';

/** Codes of one categorical feature. */
export interface CategoryCodes {
  has(code: number): boolean;
}

/** Name of the attribute: ranges of codes by column, such as `{"2":[[0,11]]}`. */
export const CATEGORIES_ATTRIBUTE = 'holdfast_categories';

/** XGBoost counts categories in float32. */
const CODE_MOST = 2 ** 24 - 1;

/** All codes that the library can take, for models that do not say which they have seen. */
const ANY_CODE: CategoryCodes = {
  has: (code) => Number.isInteger(code) && code >= 0 && code < CODE_MOST,
};

/** The attribute of a task: which codes its train rows have, column by column. */
export function categoriesOf({ features, categorical, trainRows }: TrainingTask): string {
  const ranges = categorical.map((column) => {
    const values = features.data.subarray(column * features.rows, (column + 1) * features.rows);
    const codes = new Set<number>();
    for (const row of trainRows) codes.add(values[row] ?? NaN);
    return [String(column), rangesOf([...codes].filter((code) => code <= CODE_MOST).sort((a, b) => a - b))];
  });
  return JSON.stringify(Object.fromEntries(ranges));
}

function rangesOf(codes: readonly number[]): [number, number][] {
  const ranges: [number, number][] = [];
  for (const code of codes) {
    const last = ranges.at(-1);
    if (last !== undefined && code === last[1] + 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges;
}

/**
 * The known codes of each categorical column of a model.
 *
 * @param attribute what `categoriesOf` made; undefined for a model that Holdfast did not train.
 * @throws RangeError when it is something else.
 */
export function knownCategories(
  categorical: readonly number[],
  attribute: string | undefined,
): ReadonlyMap<number, CategoryCodes> {
  if (attribute === undefined) return new Map(categorical.map((column) => [column, ANY_CODE]));
  const ranges = JSON.parse(attribute) as Readonly<Record<string, unknown>>;
  return new Map(
    categorical.map((column) => {
      const list = ranges[String(column)];
      if (!Array.isArray(list) || !list.every(isRange))
        throw new RangeError(`it does not say which categories of feature ${column} it knows`);
      return [column, codesOf(list)];
    }),
  );
}

/** The codes of ranges, which are not written out: a short text may name very many. */
function codesOf(ranges: readonly (readonly [number, number])[]): CategoryCodes {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const isAscending = sorted.every(([from], index) => from > (sorted[index - 1]?.[1] ?? -1));
  if (!isAscending) throw new RangeError('it names a category twice');
  return {
    has: (code) => {
      if (!Number.isInteger(code)) return false;
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle]?.[0] ?? 0) <= code) low = middle + 1;
        else high = middle;
      }
      return low > 0 && code <= (sorted[low - 1]?.[1] ?? -1);
    },
  };
}

function isRange(range: unknown): range is [number, number] {
  if (!Array.isArray(range) || range.length !== 2) return false;
  const [from, to] = range as [unknown, unknown];
  return (
    Number.isInteger(from) &&
    Number.isInteger(to) &&
    Number(from) >= 0 &&
    Number(from) <= Number(to) &&
    Number(to) <= CODE_MOST
  );
}
