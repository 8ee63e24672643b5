/** Judges from the shapes of its texts how a column is read. Pure. */
import type { ColumnKind, ColumnReading } from '../domain/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import { SIGNS, type TextShapes } from './text-shapes.ts';
import { namesCode, namesDate } from './vocabulary.ts';

/** How the numbers and dates of a file are written where the texts alone do not say. */
export interface WritingHints {
  /** What the reader of the file found. */
  readonly decimal?: '.' | ',';
  /** Whether 3/4/2024 is the third of April; asked for by a flag. */
  readonly dayFirst?: boolean;
  /** The column holds dates, as somebody said. */
  readonly isDate?: boolean;
}

export interface JudgedKind {
  readonly kind: ColumnKind;
  readonly reading: ColumnReading;
  /** Rows with one of the words for missing. */
  readonly wordRows: number;
  /** Numbers without fractions. */
  readonly isWhole: boolean;
  /** What was decided although the texts allow something else. */
  readonly doubts: readonly string[];
}

/** So many values must be of a kind; the others are read as missing, and said. */
const ENOUGH = 0.95;
/** A word for missing that may be a level counts as missing up to this share. */
const RARE = 0.05;

export function judgeKind(name: string, shapes: TextShapes, hints: WritingHints = {}): JudgedKind {
  const { present } = shapes;
  if (present === 0 && shapes.words.every(({ isDoubtful }) => !isDoubtful))
    return judged('empty', shapes, '{column}', null, true, false);
  const dates = judgeDates(name, shapes, hints);
  if (dates !== undefined) return dates;
  if (hints.isDate === true)
    throw new HoldfastError('HF207', {
      message: `the column ${name} cannot be read as dates`,
      hint: 'dates are written as 2024-01-31, 31/01/2024, 01/31/2024, 31.01.2024, 20240131 or 31 Jan 2024; take --date away or deliver them so',
      place: { field: name },
    });
  return judgeNumbers(name, shapes, hints) ?? judgeTexts(shapes);
}

const MONTH_NAMED_FORMATS = [
  '%d %b %Y',
  '%d-%b-%Y',
  '%d-%b-%y',
  '%d %b %y',
  '%d %B %Y',
  '%d-%B-%Y',
  '%b %d, %Y',
  '%B %d, %Y',
  '%b %d %Y',
  '%B %d %Y',
] as const;

const enough = (rows: number, { present }: TextShapes): boolean => present > 0 && rows >= present * ENOUGH;

function judgeDates(
  name: string,
  shapes: TextShapes,
  { dayFirst, isDate = false }: WritingHints,
): JudgedKind | undefined {
  // Where somebody says so, half of the values are enough; the others are said to be no dates.
  const are = (rows: number): boolean => enough(rows, shapes) || (isDate && rows >= shapes.present / 2);
  const { yearFirst, yearLast, compactDate, dayFirst: surelyDay, monthFirst: surelyMonth } = shapes;
  if (are(compactDate) && (isDate || namesDate(name)))
    return judged(
      'date',
      shapes,
      `try_cast(substr(trim({column}), 1, 4) || '-' || substr(trim({column}), 5, 2) || '-' || substr(trim({column}), 7, 2) AS DATE)`,
      'dates written as 20240131',
      false,
      false,
    );
  if (are(shapes.monthNamed))
    return judged(
      'date',
      shapes,
      `CAST(parse_timestamp({column}, [${MONTH_NAMED_FORMATS.map((format) => `'${format}'`).join(', ')}]) AS DATE)`,
      'dates with the name of the month',
      false,
      false,
    );
  if (!are(yearFirst + yearLast)) return undefined;
  const dashed = `rx_replace_all(trim({column}), '[/.]', '-')`;
  const day = `split_part(split_part(${dashed}, ' ', 1), 'T', 1)`;
  const iso = `try_cast(${day} AS DATE)`;
  if (yearLast === 0) return judged('date', shapes, iso, null, false, false);
  const isDayFirst = dayFirst ?? (surelyDay === 0 && surelyMonth > 0 ? false : true);
  const [dayPart, monthPart] = isDayFirst ? ['1', '2'] : ['2', '1'];
  const part = (at: string): string => `split_part(${day}, '-', ${at})`;
  // Text with the year in front must not be taken apart as if it ended with it.
  const last = `try_cast(${part('3')} || '-' || ${part(monthPart)} || '-' || ${part(dayPart)} AS DATE)`;
  const order = isDayFirst ? 'day/month/year' : 'month/day/year';
  const doubts: string[] = [];
  if (yearFirst > 0)
    doubts.push(
      `its dates are written in two ways (${String(yearFirst)} with the year first, ${String(yearLast)} as ${order}); both are read`,
    );
  if (surelyDay > 0 && surelyMonth > 0)
    doubts.push(
      `${String(isDayFirst ? surelyMonth : surelyDay)} of its dates are not ${order} and are read as missing`,
    );
  else if (surelyDay === 0 && surelyMonth === 0 && dayFirst === undefined)
    doubts.push(`its dates fit day/month/year and month/day/year; ${order} is assumed`);
  const sql = yearFirst > 0 ? `CASE WHEN length(${part('1')}) = 4 THEN ${iso} ELSE ${last} END` : last;
  return judged('date', shapes, sql, `dates written as ${order}`, false, false, doubts);
}

function judgeNumbers(name: string, shapes: TextShapes, { decimal }: WritingHints): JudgedKind | undefined {
  const { plain, whole, pointed, commaed, surelyCommaed, surelyPointed, present } = shapes;
  const isWhole = whole === plain;
  if (enough(plain, shapes) && !(decimal === ',' && commaed > plain)) {
    const namesSomething = shapes.leadingZero > present * 0.005 || (isWhole && namesCode(name));
    if (namesSomething) return judgeCodes(shapes);
    const isPlain = plain === present && !hasWords(shapes);
    const sql = isWhole
      ? 'to_whole_number(trim({column}))'
      : finite('try_cast(trim({column}) AS DOUBLE)', shapes);
    return judged('numeric', shapes, sql, null, isPlain, isWhole);
  }
  const isCommaed =
    surelyCommaed > surelyPointed || (surelyPointed === 0 && decimal === ',' && enough(commaed, shapes));
  const fitting = isCommaed ? commaed : pointed;
  if (!enough(fitting, shapes)) return undefined;
  const sign = shapes.sign === '' ? '' : `the sign ${shapes.sign}, `;
  const bare = `rx_replace_all({column}, '${SIGNS.replaceAll("'", "''")}${isCommaed ? '|[.]' : '|,'}', '')`;
  const doubts =
    !isCommaed && surelyPointed === 0 && surelyCommaed === 0
      ? ['its numbers may have a comma for thousands or for decimals; thousands is assumed']
      : [];
  return judged(
    'numeric',
    shapes,
    finite(`try_cast(${isCommaed ? `replace(${bare}, ',', '.')` : bare} AS DOUBLE)`, shapes),
    `numbers as text: ${sign}${isCommaed ? 'a comma for decimals' : 'a comma for thousands'}`,
    false,
    false,
    doubts,
  );
}

/** Where some of the texts are `inf` or `nan`, those are no numbers: an infinite one would undo every mean. */
const finite = (sql: string, { notFinite }: TextShapes): string =>
  notFinite === 0 ? sql : `CASE WHEN abs(${sql}) <= 1.7976931348623157e308 THEN ${sql} END`;

/** Digits that name something stay text, `4.0` as `4`. */
function judgeCodes(shapes: TextShapes): JudgedKind {
  const trimmed = `rx_replace_all(trim({column}), '[.]0+$', '')`;
  const isPlain = !hasWords(shapes);
  return judged(
    'code',
    shapes,
    isPlain ? trimmed : withoutWords(trimmed, missingOf(shapes, true)),
    null,
    false,
    true,
  );
}

function judgeTexts(shapes: TextShapes): JudgedKind {
  const kind = shapes.meanLength > 40 && shapes.distinct > shapes.present * 0.5 ? 'text' : 'category';
  const missing = missingOf(shapes, false);
  const folds = shapes.distinctFolded < shapes.distinct && kind === 'category';
  const value = folds ? 'lower(trim({column}))' : 'trim({column})';
  return judged(
    kind,
    shapes,
    withoutWords(value, ['', ...missing]),
    folds ? 'upper and lower case are one' : null,
    false,
    false,
    [],
    missing,
  );
}

function withoutWords(value: string, missing: readonly string[]): string {
  const [only, ...others] = missing;
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  if (only === undefined) return value;
  if (others.length === 0) return `nullif(${value}, ${literal(only)})`;
  return `CASE WHEN trim({column}) NOT IN (${missing.map(literal).join(', ')}) THEN ${value} END`;
}

const hasWords = ({ words, empty }: TextShapes): boolean => words.length > 0 || empty > 0;

/** Words that count as missing: the clear ones always, the doubtful ones in numbers, or where they are rare. */
function missingOf(shapes: TextShapes, isNumeric: boolean): string[] {
  const total = shapes.present + shapes.words.reduce((sum, { rows }) => sum + rows, 0);
  return shapes.words
    .filter(({ text, rows, isDoubtful }) => {
      if (!isDoubtful) return true;
      if (isNumeric) return true;
      // None is a level of a service; Unknown beside blanks, or where few have it, is a blank in words.
      return /^(unknown|not known)$/i.test(text) && (rows <= total * RARE || shapes.empty > 0);
    })
    .map(({ text }) => text);
}

function judged(
  kind: ColumnKind,
  shapes: TextShapes,
  sql: string,
  says: string | null,
  isPlain: boolean,
  isWhole: boolean,
  doubts: readonly string[] = [],
  missing: readonly string[] = missingOf(shapes, kind === 'numeric' || kind === 'date' || kind === 'code'),
): JudgedKind {
  const missingWords = [...missing];
  return {
    kind,
    reading: { sql, says, isPlain, missingWords },
    wordRows: shapes.words
      .filter(({ text }) => missingWords.includes(text))
      .reduce((sum, { rows }) => sum + rows, 0),
    isWhole,
    doubts,
  };
}
