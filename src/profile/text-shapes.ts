/** One pass over the distinct texts of a column: how many rows have which shape. */
import { textOf } from '../engine/index.ts';
import { DOUBTFUL_WORDS, MISSING_WORDS } from './vocabulary.ts';
import { STAGED, type StagedColumn, type StagedRows } from './staged-rows.ts';

/** Counts are of rows, except `distinct` and `distinctFolded`. */
export interface TextShapes {
  readonly empty: number;
  /** Missing words and doubtful ones as they are written, most frequent first. */
  readonly words: readonly { readonly text: string; readonly rows: number; readonly isDoubtful: boolean }[];
  /** Rows that are neither empty nor one of the words. */
  readonly present: number;
  readonly distinct: number;
  /** Without regard to upper and lower case. */
  readonly distinctFolded: number;
  readonly meanLength: number;
  /** `12`, `-3.5`, `1e6`. */
  readonly plain: number;
  /** Plain and without a fraction, `4.0` too. */
  readonly whole: number;
  /** `inf`, `nan`, `1e999`: what the engine casts to no finite number, also among the words for missing. */
  readonly notFinite: number;
  /** `007`. */
  readonly leadingZero: number;
  /** With or without signs around it: `$1,234.50`, `12%`. */
  readonly pointed: number;
  /** `1.234,50 €`, `12,5`. */
  readonly commaed: number;
  /** Of the commaed ones, those that can be nothing else: `12,5`, not `1,234`. */
  readonly surelyCommaed: number;
  /** Of the pointed ones, those that can be nothing else: `1,234.5`, `12.5`, not `1,234` or `1.234`. */
  readonly surelyPointed: number;
  /** The sign around the first amount, such as `$`. */
  readonly sign: string;
  /** `2024-03-01`, `2024/3/1`, also with a time. */
  readonly yearFirst: number;
  /** `1.3.2024`, `01/03/2024`. */
  readonly yearLast: number;
  /** Of those, first or second part above 12. */
  readonly dayFirst: number;
  readonly monthFirst: number;
  /** `1 Mar 2024`, `March 1, 2024`. */
  readonly monthNamed: number;
  /** `20240301`. */
  readonly compactDate: number;
}

const NUMBER = '[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?';
const GROUPED = '[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?';
const COMMAED = '[-+]?([0-9]{1,3}([.][0-9]{3})+|[0-9]+)(,[0-9]+)?';
/** What may stand around an amount. */
export const SIGNS = '[$€£¥₹% ]|USD|EUR|GBP|INR|CHF';
const YEAR_FIRST = '(18|19|20|21)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T].*)?';
const YEAR_LAST = '[0-9]{1,2}[-/.][0-9]{1,2}[-/.](18|19|20|21)[0-9]{2}( .*)?';
const MONTH_NAMED =
  '([0-9]{1,2}[- ][A-Za-z]{3,9}[- ]([0-9]{2}|[0-9]{4})|[A-Za-z]{3,9} [0-9]{1,2},? [0-9]{4})( .*)?';
const COMPACT = '(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])';

/** `more`: further texts that stand for a missing value, in any case. */
export async function measureShapes(
  { engine }: StagedRows,
  { id }: StagedColumn,
  more: readonly string[] = [],
): Promise<TextShapes> {
  const list = (words: readonly string[]): string => words.map((word) => engine.literal(word)).join(', ');
  const asked = more.map((word) => word.trim().toLowerCase());
  const known = [...MISSING_WORDS, ...DOUBTFUL_WORDS, ...asked];
  const full = (text: string, pattern: string): string =>
    `regexp_full_match(${text}, ${engine.literal(pattern)})`;
  const rows = (condition: string): string =>
    `CAST(coalesce(sum(n) FILTER (WHERE is_present AND ${condition}), 0) AS BIGINT)`;
  const values = `
    WITH counted AS (SELECT ${id} AS value, count(*) AS n FROM ${STAGED} GROUP BY ${id}),
    told AS (
      SELECT value, n,
        value IS NOT NULL AND value <> '' AND lower(value) NOT IN (${list(known)}) AS is_present
      FROM counted
    )`;
  const [found] = await engine.rows(`${values}
    SELECT
      CAST(coalesce(sum(n) FILTER (WHERE value IS NULL OR value = ''), 0) AS BIGINT) AS empty,
      ${rows('true')} AS present,
      count(*) FILTER (WHERE is_present) AS distinct_values,
      sum(length(value) * n) FILTER (WHERE is_present) / nullif(sum(n) FILTER (WHERE is_present), 0) AS mean_length,
      ${rows(full('value', NUMBER))} AS plain,
      ${rows(`try_cast(value AS DOUBLE) = floor(try_cast(value AS DOUBLE)) AND ${full('value', NUMBER)}`)} AS whole,
      CAST(coalesce(sum(n) FILTER (WHERE NOT isfinite(try_cast(value AS DOUBLE))), 0) AS BIGINT) AS not_finite,
      ${rows(`starts_with(value, '0') AND ${full('value', '0[0-9]+')}`)} AS leading_zero,
      min(length(value)) FILTER (WHERE is_present) AS shortest,
      max(length(value)) FILTER (WHERE is_present) AS longest
    FROM told`);
  // Most columns are plain numbers all through: the other shapes cost more than all the rest.
  const others =
    Number(found?.['plain']) === Number(found?.['present']) && Number(found?.['shortest']) !== 8
      ? undefined
      : await engine.rows(`${values},
    bared AS (
      SELECT *, lower(value) AS folded, regexp_replace(value, ${engine.literal(SIGNS)}, '', 'g') AS bare FROM told
    )
    SELECT
      count(DISTINCT folded) FILTER (WHERE is_present) AS distinct_folded,
      ${rows(`(${full('bare', NUMBER)} OR ${full('bare', GROUPED)})`)} AS pointed,
      ${rows(full('bare', COMMAED))} AS commaed,
      ${rows(`${full('bare', COMMAED)} AND NOT ${full('bare', GROUPED)} AND NOT ${full('bare', NUMBER)}`)} AS surely_commaed,
      ${rows(`(${full('bare', NUMBER)} OR ${full('bare', GROUPED)}) AND NOT ${full('bare', COMMAED)}`)} AS surely_pointed,
      min(regexp_extract(value, '[$€£¥₹%]|USD|EUR|GBP|INR|CHF')) FILTER (WHERE is_present AND value <> bare AND ${full('bare', '.*[0-9].*')}) AS sign,
      ${rows(full('value', YEAR_FIRST))} AS year_first,
      ${rows(full('value', YEAR_LAST))} AS year_last,
      ${rows(`${full('value', YEAR_LAST)} AND try_cast(regexp_extract(value, '^[0-9]+') AS INTEGER) > 12`)} AS day_first,
      ${rows(`${full('value', YEAR_LAST)} AND try_cast(regexp_extract(value, '^[0-9]+[-/.]([0-9]+)', 1) AS INTEGER) > 12`)} AS month_first,
      ${rows(full('value', MONTH_NAMED))} AS month_named,
      ${rows(full('value', COMPACT))} AS compact_date
    FROM bared`);
  const other = others?.[0];
  const count = (name: string): number => Number(found?.[name] ?? 0);
  const otherCount = (name: string): number => Number(other?.[name] ?? 0);
  const hasWords = count('empty') + count('present');
  return {
    empty: count('empty'),
    words: await wordsIn(),
    present: count('present'),
    distinct: count('distinct_values'),
    distinctFolded: other === undefined ? count('distinct_values') : otherCount('distinct_folded'),
    meanLength: count('mean_length'),
    plain: count('plain'),
    whole: count('whole'),
    notFinite: count('not_finite'),
    leadingZero: count('leading_zero'),
    pointed: other === undefined ? count('plain') : otherCount('pointed'),
    // Without a comma in sight, a point is a decimal point.
    commaed: otherCount('commaed'),
    surelyCommaed: otherCount('surely_commaed'),
    surelyPointed: otherCount('surely_pointed'),
    sign: textOf(other?.['sign'] ?? ''),
    yearFirst: otherCount('year_first'),
    yearLast: otherCount('year_last'),
    dayFirst: otherCount('day_first'),
    monthFirst: otherCount('month_first'),
    monthNamed: otherCount('month_named'),
    compactDate: otherCount('compact_date'),
  };

  async function wordsIn(): Promise<TextShapes['words']> {
    const [total] = await engine.rows(`SELECT count(*) AS n FROM ${STAGED}`);
    if (hasWords === Number(total?.['n'] ?? 0)) return [];
    const written = await engine.rows(
      `SELECT ${id} AS text, count(*) AS n FROM ${STAGED} WHERE lower(${id}) IN (${list(known)}) GROUP BY 1 ORDER BY 2 DESC, 1`,
    );
    return written.map((row) => ({
      text: textOf(row['text']),
      rows: Number(row['n']),
      isDoubtful:
        (DOUBTFUL_WORDS as readonly string[]).includes(textOf(row['text']).toLowerCase()) &&
        !asked.includes(textOf(row['text']).toLowerCase()),
    }));
  }
}
