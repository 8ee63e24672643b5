/** Which column says who left, and which of its values. Pure. */
import type { TargetProfile } from '../domain/index.ts';
import { groupDigits, HoldfastError, nearestWord, shellWord, wordsOf } from '../kernel/index.ts';
import { meaningOf, namesStayers, targetRank } from './vocabulary.ts';

/** A text of the target column with its rows; null for a missing one. */
export interface TargetValue {
  readonly value: string | null;
  readonly rows: number;
}

export interface TargetWishes {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface JudgedTarget {
  readonly target: TargetProfile;
  /** Decisions that somebody should confirm, each with the flag that changes it. */
  readonly doubts: readonly { readonly says: string; readonly flag: string }[];
}

/** More values than these are no answer to a yes-or-no question. */
const MOST_VALUES = 10;

/** Columns by how well their names fit a target, best first. */
export function likelyTargets(names: readonly string[]): string[] {
  return names
    .flatMap((name) => {
      const rank = targetRank(name);
      return rank === null ? [] : [{ name, rank }];
    })
    .sort((one, other) => one.rank - other.rank)
    .map(({ name }) => name);
}

/** The column that was asked for, also where case or blanks differ. Throws HF101 without one, HF203 for an unknown one. */
export function findColumn(wanted: string | undefined, names: readonly string[], flag: string): string {
  if (wanted === undefined) {
    const likely = likelyTargets(names);
    throw new HoldfastError('HF101', {
      message: `${flag} is needed: the column that says who left`,
      hint:
        likely.length === 0
          ? `no column has a name such as churn; the columns are ${shownNames(names)}`
          : `by their names these may be it: ${likely.slice(0, 5).join(', ')}; try ${flag} ${shellWord(likely[0] ?? '')}`,
    });
  }
  const exact =
    names.find((name) => name === wanted) ?? names.find((name) => wordsOf(name) === wordsOf(wanted));
  if (exact !== undefined) return exact;
  const near = nearestWord(wanted, names);
  throw new HoldfastError('HF203', {
    message: `there is no column ${wanted}; the columns are ${shownNames(names)}`,
    hint: near === undefined ? `give ${flag} one of these` : `did you mean ${flag} ${shellWord(near)}?`,
    place: { field: wanted },
  });
}

const shownNames = (names: readonly string[]): string =>
  names.slice(0, 15).join(', ') + (names.length > 15 ? `, ... (${groupDigits(names.length)} in all)` : '');

/**
 * Tells positive, negative and other values apart. Throws HF505 for one value, HF207 where the column has too
 * many or where nothing says which of several is which.
 */
export function judgeTarget(
  column: string,
  counts: readonly TargetValue[],
  wishes: TargetWishes,
): JudgedTarget {
  const values = counts.flatMap(({ value, rows }) =>
    value === null || value === '' ? [] : [{ value, rows }],
  );
  const place = { field: column };
  if (values.length < 2)
    throw new HoldfastError('HF505', {
      message:
        values.length === 0
          ? `the target ${column} has no value in any row`
          : `the target ${column} has one value only, ${JSON.stringify(values[0]?.value)}`,
      hint: 'a model needs customers who left and customers who stayed: give a table with both, or another --target',
      place,
    });
  const asked = wishes.positive.length > 0;
  if (values.length > MOST_VALUES && !asked)
    throw new HoldfastError('HF207', {
      message: `the target ${column} has ${groupDigits(values.length)} values, such as ${shownValues(values)}: that is no yes or no`,
      hint: `choose the --target that says who left, or name its values with --positive (and --negative)`,
      place,
    });
  checkWishes(column, values, wishes);
  const { positive, negative, why, doubts } = asked
    ? byWish(values, wishes)
    : byWords(column, values, wishes);
  const leftOut = values
    .map(({ value }) => value)
    .filter((value) => !positive.includes(value) && !negative.includes(value));
  const rowsOf = (list: readonly string[]): number =>
    values.filter(({ value }) => list.includes(value)).reduce((sum, { rows }) => sum + rows, 0);
  const all = counts.reduce((sum, { rows }) => sum + rows, 0);
  const rows = { positive: rowsOf(positive), negative: rowsOf(negative) };
  return {
    target: {
      column,
      positive,
      negative,
      leftOut,
      rows: { ...rows, unknown: all - rows.positive - rows.negative },
      why,
    },
    doubts,
  };
}

type Counted = readonly { readonly value: string; readonly rows: number }[];

function shownValues(values: Counted): string {
  return values
    .slice(0, 3)
    .map(({ value }) => JSON.stringify(value))
    .join(', ');
}

function checkWishes(column: string, values: Counted, { positive, negative }: TargetWishes): void {
  const known = values.map(({ value }) => value);
  for (const [flag, list] of [
    ['--positive', positive],
    ['--negative', negative],
  ] as const)
    for (const wish of list) {
      if (known.includes(wish)) continue;
      const near = nearestWord(wish, known);
      throw new HoldfastError('HF207', {
        message: `the target ${column} has no value ${JSON.stringify(wish)}; it has ${values
          .slice(0, 10)
          .map(({ value }) => value)
          .join(', ')}`,
        hint: near === undefined ? `give ${flag} one of these` : `did you mean ${flag} ${shellWord(near)}?`,
        place: { field: column },
      });
    }
}

interface Sides {
  readonly positive: string[];
  readonly negative: string[];
  readonly why: string;
  readonly doubts: JudgedTarget['doubts'];
}

function byWish(values: Counted, wishes: TargetWishes): Sides {
  const positive = [...wishes.positive];
  const others = values.map(({ value }) => value).filter((value) => !positive.includes(value));
  return {
    positive,
    negative: wishes.negative.length > 0 ? [...wishes.negative] : others,
    why: 'as asked for',
    doubts: [],
  };
}

function byWords(column: string, values: Counted, wishes: TargetWishes): Sides {
  const meanings = values.map(({ value, rows }) => ({ value, rows, meaning: meaningOf(value) }));
  const named = (meaning: 'positive' | 'negative'): string[] =>
    meanings.filter((one) => one.meaning === meaning).map(({ value }) => value);
  const flipped =
    namesStayers(column) &&
    values.every(({ value }) => /^([01]([.]0+)?|yes|no|y|n|true|false|t|f)$/i.test(value));
  const [positive, negative] = flipped
    ? [named('negative'), named('positive')]
    : [named('positive'), wishes.negative.length > 0 ? [...wishes.negative] : named('negative')];
  const changeBy = (value: string): string => `--positive ${shellWord(value)}`;
  if (positive.length > 0 && negative.length > 0)
    return {
      positive,
      negative,
      why: flipped ? `${column} names those who stay` : 'by the word',
      doubts: flipped
        ? [
            {
              says: `${column} is named after those who stay, so ${positive.join(', ')} counts as having left`,
              flag: changeBy(negative[0] ?? ''),
            },
          ]
        : [],
    };
  const [known] = [positive, negative].filter((side) => side.length > 0);
  if (values.length === 2 && known !== undefined) {
    const others = values.map(({ value }) => value).filter((value) => !known.includes(value));
    const isPositive = known === positive;
    return {
      positive: isPositive ? positive : others,
      negative: isPositive ? others : negative,
      why: `${JSON.stringify(known[0])} by the word, the other by what is left`,
      doubts: [],
    };
  }
  if (values.length === 2) {
    const [rarer, other] = [...values].sort((one, two) => one.rows - two.rows) as [Counted[0], Counted[0]];
    return {
      positive: [rarer.value],
      negative: [other.value],
      why: 'the rarer of two',
      doubts: [
        {
          says: `nothing says which value of ${column} stands for having left: ${JSON.stringify(rarer.value)} is taken, the rarer one`,
          flag: changeBy(other.value),
        },
      ],
    };
  }
  throw new HoldfastError('HF207', {
    message: `the target ${column} has ${groupDigits(values.length)} values (${values.map(({ value }) => value).join(', ')}), and they do not say which of them ${positive.length > 0 ? 'stand for having stayed' : 'stand for having left'}`,
    hint: `name them: --positive ${shellWord(positive[0] ?? values[0]?.value ?? '')} --negative ${shellWord(negative[0] ?? values.find(({ value }) => value !== positive[0])?.value ?? '')}; values that are neither are left out`,
    place: { field: column },
  });
}
