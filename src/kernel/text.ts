import { closest, distance } from 'fastest-levenshtein';

/** The known word nearest to `word`, or undefined where none is near enough to be a slip. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const best = closest(word, known);
  return distance(word, best) <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}

let whole: Intl.NumberFormat | undefined;

/** `12345.6` as `12,346`: whole numbers grouped as people read them. */
export function groupDigits(value: number | bigint): string {
  // Making a formatter costs more than formatting ten thousand numbers, and most commands format none.
  whole ??= new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
  return whole.format(value);
}

/** `customerID` and `Customer  Id ($)` as `customer id`: lower case, words by blanks. */
export function wordsOf(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** A word as a shell takes it: in quotes where it needs them. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_.,:/-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, (sign) => `\\${sign}`)}"`;
