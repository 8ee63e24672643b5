/** The first records of a CSV text, to find out how it is written; rows are read by the engine. */

export interface CsvRecord {
  readonly fields: readonly string[];
  /** 1-based line where it begins. */
  readonly line: number;
}

export interface CsvRecords {
  readonly records: readonly CsvRecord[];
  /** Places where text follows a closing quote: signs of another delimiter, quote or escape. */
  readonly oddQuotes: number;
  /** Whether the text ends inside quotes. */
  readonly isOpen: boolean;
  /** Whether records end in different ways, which the engine does not read. */
  readonly hasMixedLines: boolean;
}

/**
 * Splits text into at most `limit` records. The last one is left out where the text is not the whole file,
 * as it may be cut. Blank lines are no records. `\r\n`, `\n` and `\r` end a line.
 */
export function parseRecords(
  text: string,
  options: {
    readonly delimiter: string;
    readonly quote: string;
    readonly escape: string;
    readonly limit: number;
    readonly isWhole: boolean;
  },
): CsvRecords {
  const { delimiter, quote, escape, limit, isWhole } = options;
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let field = '';
  let line = 1;
  let firstLine = 1;
  let isQuoted = false;
  let wasQuoted = false;
  let isStart = true;
  let oddQuotes = 0;
  const lineEnds = new Set<string>();
  const endRecord = (): void => {
    fields.push(field);
    if (fields.length > 1 || field !== '' || wasQuoted) records.push({ fields, line: firstLine });
    fields = [];
    field = '';
    isStart = true;
    wasQuoted = false;
  };
  for (let at = 0; at < text.length && records.length < limit; at += 1) {
    const character = text[at] as string;
    const isLineEnd = character === '\n' || (character === '\r' && text[at + 1] !== '\n');
    if (isLineEnd) line += 1;
    if (isQuoted) {
      if (character === escape && text[at + 1] === quote) {
        field += quote;
        at += 1;
      } else if (character === quote) isQuoted = false;
      else field += character;
    } else if (character === quote && isStart) {
      isQuoted = true;
      wasQuoted = true;
      isStart = false;
    } else if (character === delimiter) {
      fields.push(field);
      field = '';
      isStart = true;
      wasQuoted = false;
    } else if (isLineEnd) {
      lineEnds.add(character === '\n' && text[at - 1] === '\r' ? '\r\n' : character);
      endRecord();
      firstLine = line;
    } else if (character !== '\r' || text[at + 1] !== '\n') {
      if (wasQuoted && character !== ' ') oddQuotes += 1;
      field += character;
      isStart = false;
    }
  }
  if (isWhole && records.length < limit && (field !== '' || fields.length > 0)) endRecord();
  return { records, oddQuotes, isOpen: isQuoted, hasMixedLines: lineEnds.size > 1 };
}
