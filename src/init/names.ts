/** Names that SQL, Delta and packs take, made of names that people gave. */
import { wordsOf } from '../kernel/index.ts';

/** Words that mean something to SQL, or are columns of Holdfast's own. */
const TAKEN =
  /^(all|analyse|analyze|and|anti|any|array|as|asc|asof|asymmetric|at|authorization|between|binary|both|by|case|cast|check|collate|collation|column|concurrently|constraint|create|cross|date|default|deferrable|desc|describe|distinct|do|drop|else|end|except|exists|false|fetch|filter|for|foreign|freeze|from|full|glob|group|having|ilike|in|initially|inner|insert|intersect|interval|into|is|isnull|join|lambda|lateral|leading|left|like|limit|natural|not|notnull|null|offset|on|only|or|order|outer|over|overlaps|partition|pivot|pivot_longer|pivot_wider|placing|positional|primary|qualify|range|references|returning|right|row|rows|select|semi|set|show|similar|some|summarize|symmetric|table|tablesample|then|time|timestamp|to|trailing|true|union|unique|unpack|unpivot|update|user|using|values|variadic|verbose|view|when|where|window|with|observation_date|at_risk|row_index|remaining_value|group_hash|row_key|fingerprint|copy_number|stratum|place|size|part|share|split_value|holdfast_\w*|churned_in_\w*|split_\d+d|half_\d+d|left_out_\d+d)$/;

/** Gives names in lower case with underscores, such as `monthly_charges`, each once and none that is `taken`. */
export function namer(taken: readonly string[] = []): (name: string) => string {
  const given = new Set<string>(taken.map((name) => name.toLowerCase()));
  return (name) => {
    const words = wordsOf(name).replaceAll(' ', '_');
    const begun = (/^[a-z]/.test(words) ? words : `column_${words}`).slice(0, 60).replace(/_+$/, '');
    const base = TAKEN.test(begun) ? `${begun}_value` : begun;
    let unique = base;
    for (let next = 2; given.has(unique); next += 1) unique = `${base}_${String(next)}`;
    given.add(unique);
    return unique;
  };
}

/** Whether a column of a lake table may be called so, and SQL reads it without quotes. */
export const isPlainName = (name: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name) &&
  !TAKEN.test(name.toLowerCase()) &&
  !/^_(ingested_at|source_file)$/i.test(name);

/** `Monthly charges`, for people. */
export function labelOf(name: string): string {
  const words = /^[A-Z0-9 ]+$/.test(name) && name.length <= 5 ? name : wordsOf(name);
  return words === '' ? name : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A file name without what globs and shells read as something else. */
export const safeFileName = (name: string): string => name.replaceAll(/[^A-Za-z0-9._-]+/g, '_');
