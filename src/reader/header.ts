/** Names of columns, and which line holds them. */
import { groupDigits, HoldfastError } from '../kernel/index.ts';

/** A name without marks that nobody sees: blanks around it, double blanks, line breaks, a BOM. */
export function cleanName(name: string): string {
  return name
    .replaceAll(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

export interface Header {
  readonly columns: readonly string[];
  /** What was done to the names, in words. */
  readonly notes: readonly string[];
}

/** Cleans the names of a header and gives one to columns without. HF202 where two are the same. */
export function cleanHeader(fields: readonly string[], file: string, line: number): Header {
  const notes: string[] = [];
  const columns = fields.map((field, index) => cleanName(field) || `column_${String(index + 1)}`);
  const unnamed = fields.filter((field) => cleanName(field) === '').length;
  if (unnamed > 0)
    notes.push(
      unnamed === 1
        ? `a column without a name is called ${columns[fields.findIndex((field) => cleanName(field) === '')] ?? ''}`
        : `${groupDigits(unnamed)} columns without a name are called column_<position>`,
    );
  const hasChanged = fields.some((field, index) => cleanName(field) !== '' && field !== columns[index]);
  if (hasChanged) notes.push('blanks around names and doubled inside them are left out in the header');
  refuseRepeated(columns, file, line);
  return { columns, notes };
}

/** SQL does not tell `ID` from `id`, so they are the same name here too. */
function refuseRepeated(columns: readonly string[], file: string, line: number): void {
  const seen = new Map<string, string>();
  const repeated = new Set<string>();
  for (const column of columns) {
    const key = column.toLowerCase();
    const first = seen.get(key);
    if (first === undefined) seen.set(key, column);
    else repeated.add(first === column ? column : `${first} and ${column}`);
  }
  if (repeated.size === 0) return;
  const shown = [...repeated].slice(0, 5).join(', ') + (repeated.size > 5 ? ', ...' : '');
  throw new HoldfastError('HF202', {
    message: `several columns have the same name: ${shown}`,
    hint: 'give every column a name of its own; upper and lower case count as the same',
    place: { file, line },
  });
}

const NUMBER = /^[+-]?[\d.,' \u00A0\u202F\u2019]*\d[\d.,]*\s?%?$/;
const DATE = /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ].*)?$/;

/** Whether a text is a value, not a name: a number or a date. */
const isValue = (field: string): boolean => NUMBER.test(field.trim()) || DATE.test(field.trim());

/** How many lines above a table may hold titles. */
const TITLES_AT_MOST = 50;

/**
 * The index of the record that names the columns, of a table of `width` columns: the first of that width that
 * is no title, which is to say neither half empty nor, with gaps, one that holds values.
 */
export function headerIndex(records: readonly (readonly string[])[], width: number): number {
  const candidates = records
    .slice(0, TITLES_AT_MOST)
    .flatMap((fields, index) => (fields.length === width ? [{ fields, index }] : []));
  const header = candidates.find(({ fields }) => {
    const filled = fields.filter((field) => cleanName(field) !== '');
    if (filled.length === width) return true;
    return filled.length > width / 2 && !filled.some(isValue);
  });
  return (header ?? candidates[0])?.index ?? 0;
}

/** Whether a record holds values only, so that it can be no header. */
export function holdsOnlyValues(fields: readonly string[]): boolean {
  return fields.every((field) => cleanName(field) === '' || isValue(field));
}
