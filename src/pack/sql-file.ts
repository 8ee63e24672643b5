/**
 * SQL files of a pack: one SELECT a file, named after the table it makes, with a header of comment
 * lines that says what the table is.
 *
 *     -- grain: one row a customer and month
 *     -- owner: data team
 *     -- keys: customer_id, month_key
 *     -- partition_by: month_key (optional)
 *     -- cluster_by: customer_id (optional)
 *     -- description: what the table is for, which may go on
 *     --   over several lines
 */
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { SqlFile, SqlHeader } from './pack.ts';

const HEADER_FIELDS = ['grain', 'owner', 'keys', 'partition_by', 'cluster_by', 'description'] as const;
type HeaderField = (typeof HEADER_FIELDS)[number];
const REQUIRED_FIELDS = ['grain', 'owner', 'keys', 'description'] as const;

/** Reads the text of `sql/<layer>/<table>.sql`. Throws HF402 where it does not follow the rules. */
export function parseSqlFile(table: string, path: string, shownPath: string, text: string): SqlFile {
  checkOneStatement(text, shownPath);
  return { table, path, text, header: parseHeader(text, shownPath) };
}

function parseHeader(text: string, shownPath: string): SqlHeader {
  const fields = new Map<HeaderField, string>();
  let current: HeaderField | undefined;
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const continuation = /^--\s{3,}(\S.*)$/.exec(line)?.[1];
    if (continuation !== undefined && current !== undefined) {
      fields.set(current, `${fields.get(current) ?? ''} ${continuation}`.trim());
      continue;
    }
    const [, word, rest] = /^-- ?([a-z_]+):\s*(.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) break;
    const field = HEADER_FIELDS.find((known) => known === word);
    if (field === undefined) throw unknownField(word, shownPath, index + 1);
    fields.set(field, rest.trim());
    current = field;
  }
  const missing = REQUIRED_FIELDS.filter((field) => (fields.get(field) ?? '') === '');
  if (missing.length > 0) {
    throw new HoldfastError('HF402', {
      message: `the header does not state ${missing.join(', ')}`,
      hint: 'begin the file with comment lines "-- grain: ...", "-- owner: ...", "-- keys: a, b" and "-- description: ..."',
      place: { file: shownPath, line: 1 },
    });
  }
  return {
    grain: fields.get('grain') ?? '',
    owner: fields.get('owner') ?? '',
    keys: names(fields.get('keys')),
    description: fields.get('description') ?? '',
    partitionBy: names(fields.get('partition_by')),
    clusterBy: names(fields.get('cluster_by')),
  };
}

function unknownField(word: string, file: string, line: number): HoldfastError {
  const nearest = nearestWord(word, HEADER_FIELDS);
  return new HoldfastError('HF402', {
    message: `the header field "${word}" is unknown`,
    hint: nearest === undefined ? `known fields are ${HEADER_FIELDS.join(', ')}` : `did you mean ${nearest}?`,
    place: { file, line },
  });
}

function names(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A comment, a quoted text or identifier (also when its end is missing), or a semicolon. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|;/g;

/** The runner wraps each SELECT in a statement of its own, so that even a closing semicolon breaks it. */
function checkOneStatement(text: string, shownPath: string): void {
  for (const token of text.matchAll(TOKEN)) {
    if (token[0] !== ';') continue;
    throw new HoldfastError('HF402', {
      message: 'a SQL file holds one SELECT without semicolons',
      hint: 'remove the semicolon; a second statement belongs into a file of its own',
      place: { file: shownPath, line: text.slice(0, token.index).split('\n').length },
    });
  }
  if (text.replace(TOKEN, (token) => (/^['"]/.test(token) ? token : ' ')).trim() === '') {
    throw new HoldfastError('HF402', {
      message: 'the SQL file has no statement',
      hint: 'write the SELECT that makes the table, or remove the file',
      place: { file: shownPath },
    });
  }
}
