/** How numbers are written: the sign before decimals and the one between groups of three digits. */
import type { SourceFormat } from '../pack/index.ts';

export type NumberStyle = Pick<SourceFormat, 'decimal' | 'thousands'>;

type Thousands = NonNullable<NumberStyle['thousands']>;

/** Signs that are typed for one another: blanks that do not break, and the two apostrophes. */
const CLASSES: Readonly<Record<Thousands, string>> = {
  ',': '[,]',
  '.': '[.]',
  ' ': '[ \u00A0\u202F]',
  "'": "['\u2019]",
};

/** The class of characters that group digits, as a regular expression; one that matches nothing without them. */
export const groupingPattern = ({ thousands }: NumberStyle): string =>
  thousands === undefined ? '[^\\s\\S]' : CLASSES[thousands];

/** A number in a style, whole, as a regular expression that engines and JavaScript read alike. */
export function numberPattern({ decimal = '.', thousands }: NumberStyle): string {
  const point = `[${decimal}]`;
  const grouped =
    thousands === undefined ? '' : `[0-9]{1,3}(?:${CLASSES[thousands]}[0-9]{3})+(?:${point}[0-9]*)?|`;
  return `[+-]?(?:${grouped}[0-9]+(?:${point}[0-9]*)?|${point}[0-9]+)(?:[eE][+-]?[0-9]+)?`;
}

const PLAIN: NumberStyle = { decimal: '.' };
/** The usual first: of styles that explain as much, the earlier one is taken. */
const STYLES: readonly NumberStyle[] = [
  PLAIN,
  { decimal: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: ' ' },
  { decimal: '.', thousands: "'" },
  { decimal: ',', thousands: "'" },
];

const PATTERNS = STYLES.map((style) => new RegExp(`^${numberPattern(style)}$`));
/** Groups do not begin with a nought: `030 123 456` is a telephone number. */
const TELEPHONE = /^[+-]?0\d*[ '.,\u00A0\u202F\u2019]\d{3}(?!\d)[ '.,\u00A0\u202F\u2019]/;
const NUMBER_LIKE = /^[+-]?[0-9][0-9.,' \u00A0\u202F\u2019]*$|^[+-]?[.,][0-9]+$/;
/** Share of a column's values that must be numbers in a style. */
const ENOUGH = 0.95;

export interface FoundStyle {
  readonly style: NumberStyle;
  /** Whether other columns, or other readings of the same texts, speak for another style. */
  readonly isUnsure: boolean;
}

/**
 * The style in which most columns are numbers. Only columns that are not numbers in the usual style speak
 * for another one. `1,234` alone may be either: a group where the comma separates the fields of the file.
 */
export function findNumberStyle(sample: readonly (readonly string[])[], delimiter: string): FoundStyle {
  const width = sample[0]?.length ?? 0;
  const votes = STYLES.map(() => 0);
  let plainOnly = 0;
  for (let column = 0; column < width; column += 1) {
    const values = sample.map((fields) => (fields[column] ?? '').trim()).filter((value) => value !== '');
    const likely = values.filter((value) => NUMBER_LIKE.test(value) && !TELEPHONE.test(value));
    if (values.length === 0 || likely.length < ENOUGH * values.length) continue;
    const fits = PATTERNS.map(
      (pattern) => likely.filter((value) => pattern.test(value)).length >= ENOUGH * values.length,
    );
    if (fits[0] === true) {
      if (likely.some((value) => value.includes('.')) && fits[1] === false) plainOnly += 1;
      continue;
    }
    fits.forEach((isFit, index) => {
      if (isFit) votes[index] = (votes[index] as number) + 1;
    });
  }
  // The plainest style of those with most votes: one without groups before one with them.
  const most = Math.max(...votes);
  if (most === 0) return { style: PLAIN, isUnsure: false };
  const tied = STYLES.filter((_, index) => votes[index] === most);
  const [first] = tied as [NumberStyle];
  const isGroup = first.decimal === ',' && delimiter === ',' && tied.some(isCommaGroup);
  const style = isGroup ? (tied.find(isCommaGroup) ?? first) : first;
  return {
    style,
    isUnsure:
      tied.some(({ decimal }) => decimal !== style.decimal) || (plainOnly > 0 && style.decimal === ','),
  };
}

const isCommaGroup = ({ decimal, thousands }: NumberStyle): boolean => decimal === '.' && thousands === ',';

/** A style in words, with an example. */
export function styleText({ decimal = '.', thousands }: NumberStyle): string {
  return `numbers are written like 1${thousands ?? ''}234${decimal}5`;
}
