/**
 * How a CSV text is written, from its first records. DuckDB's own sniffer takes rows with gaps for one wide
 * column, the first of several title lines for the header where it has delimiters, a decimal comma for a
 * delimiter, and half a minute for 10,000 columns.
 */
import { headerIndex, holdsOnlyValues } from './header.ts';
import { type CsvRecord, type CsvRecords, parseRecords } from './records.ts';

export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  /** 1-based. */
  readonly headerLine: number;
  readonly hasMixedLines: boolean;
  /** Whether anything stands below the header. */
  readonly hasRows: boolean;
  /** The header as it is written. */
  readonly header: readonly string[];
  /** The first records below the header that have its width. */
  readonly sample: readonly (readonly string[])[];
}

/** What is stated is kept, and the rest is found. */
export interface StatedDialect {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly headerLine?: number | undefined;
}

const DELIMITERS = [',', ';', '\t', '|'];
const RECORDS_AT_MOST = 1000;

interface Attempt {
  readonly delimiter: string;
  readonly escape: string;
  readonly records: readonly CsvRecord[];
  readonly hasMixedLines: boolean;
  /** Fields of most records. */
  readonly width: number;
  /** Share of records with that width, less the quotes that do not fit. */
  readonly fit: number;
}

/** The dialect of a text; undefined where it has no record. `isWhole` says whether it is the whole file. */
export function findDialect(text: string, isWhole: boolean, stated: StatedDialect = {}): Dialect | undefined {
  const quote = stated.quote ?? (/^'[^'\n]*'\s*[,;\t|]\s*'/.test(text) ? "'" : '"');
  const attempt = (delimiter: string): Attempt => {
    const parse = (escape: string): CsvRecords =>
      parseRecords(text, { delimiter, quote, escape, limit: RECORDS_AT_MOST, isWhole });
    // A doubled quote is the rule; a backslash before one is looked for only where that leaves odd quotes.
    const doubled = parse(quote);
    const isSlashed =
      (doubled.oddQuotes > 0 || doubled.isOpen) &&
      text.includes(`\\${quote}`) &&
      !text.includes(`${quote}${quote}`);
    const escape = isSlashed ? '\\' : quote;
    const best = isSlashed ? parse(escape) : doubled;
    const records = withoutLastDelimiter(best.records);
    const body =
      stated.headerLine === undefined
        ? records
        : records.filter(({ line }) => line >= (stated.headerLine as number));
    const width = commonWidth(body);
    const fitting = body.filter(({ fields }) => fields.length === width).length;
    return {
      delimiter,
      escape,
      records,
      hasMixedLines: best.hasMixedLines,
      width,
      fit: body.length === 0 ? 0 : (fitting - best.oddQuotes) / body.length,
    };
  };
  const chosen =
    stated.delimiter !== undefined
      ? attempt(stated.delimiter)
      : chooseAttempt(text, DELIMITERS.map(attempt), stated.headerLine);
  const index =
    stated.headerLine === undefined
      ? headerIndex(
          chosen.records.map(({ fields }) => fields),
          chosen.width,
        )
      : chosen.records.findIndex(({ line }) => line >= (stated.headerLine as number));
  const header = chosen.records[index];
  if (header === undefined) return undefined;
  return {
    delimiter: chosen.delimiter,
    quote,
    escape: chosen.escape,
    headerLine: header.line,
    hasMixedLines: chosen.hasMixedLines,
    hasRows: !isWhole || index + 1 < chosen.records.length,
    header: header.fields,
    sample: chosen.records
      .slice(index + 1)
      .map(({ fields }) => fields)
      .filter((fields) => fields.length === header.fields.length),
  };
}

/** Rows of some programs end with a delimiter that their header does not have; the engine passes over it too. */
function withoutLastDelimiter(records: readonly CsvRecord[]): readonly CsvRecord[] {
  const width = commonWidth(records);
  const wide = records.filter(({ fields }) => fields.length === width);
  const isEmpty = width > 2 && wide.length > 0 && wide.every(({ fields }) => fields[width - 1] === '');
  const isNarrow = ({ fields }: CsvRecord): boolean =>
    fields.length === width - 1 && fields.every((field) => field !== '');
  if (!isEmpty || !records.slice(0, records.indexOf(wide[0] as CsvRecord)).some(isNarrow)) return records;
  return records.map((record) =>
    record.fields.length === width ? { ...record, fields: record.fields.slice(0, -1) } : record,
  );
}

/**
 * The delimiter by which most records have the same number of fields, and the more of them where equal. Where
 * none fits: the one that splits the line that is the header, and of a single column one that is not in it.
 */
function chooseAttempt(text: string, attempts: readonly Attempt[], headerLine: number | undefined): Attempt {
  const headerOf = ({ records, width }: Attempt): readonly string[] => {
    const texts = records.map(({ fields }) => fields);
    return (
      (headerLine === undefined
        ? texts[headerIndex(texts, width)]
        : records.find(({ line }) => line >= headerLine)?.fields) ?? []
    );
  };
  const [best] = attempts
    .filter((attempt) => {
      if (attempt.width < 2 || attempt.fit < 0.5) return false;
      // Decimal commas in a single column look like two columns, but then no record names them.
      const header = headerOf(attempt);
      return header.length > 1 && (headerLine !== undefined || !holdsOnlyValues(header));
    })
    .sort((a, b) => b.fit - a.fit || b.width - a.width);
  if (best !== undefined) return best;
  const [split] =
    headerLine === undefined
      ? []
      : attempts
          .filter((attempt) => headerOf(attempt).length > 1)
          .sort((a, b) => headerOf(b).length - headerOf(a).length);
  const unused = attempts.find(({ delimiter }) => !text.includes(delimiter));
  return split ?? unused ?? (attempts[0] as Attempt);
}

/** The number of fields that most records have; the larger one where two are as frequent. */
function commonWidth(records: readonly CsvRecord[]): number {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  return [...counts].sort(([a, n], [b, m]) => m - n || b - a)[0]?.[0] ?? 0;
}
