/** Names that SQL, Delta and packs take, made of names that people gave. */
import { wordsOf } from '../kernel/index.ts';

/** Words that mean something to SQL, or are columns of Holdfast's own. */
const TAKEN =
  /^(all|and|any|as|asc|between|by|case|cast|column|create|cross|date|default|desc|distinct|drop|else|end|except|exists|false|filter|for|from|full|group|having|in|inner|insert|interval|into|is|join|left|like|limit|natural|not|null|offset|on|or|order|outer|over|partition|primary|range|references|right|row|rows|select|set|table|then|time|timestamp|to|true|union|unique|update|user|using|values|view|when|where|window|with|observation_date|at_risk|row_index|remaining_value|group_hash|row_key|fingerprint|copy_number|stratum|place|size|part|share|split_value|holdfast_\w*|churned_in_\w*|split_\d+d|half_\d+d|left_out_\d+d)$/;

/** Gives names in lower case with underscores, such as `monthly_charges`, each once and none that is `taken`. */
export function namer(taken: readonly string[] = []): (name: string) => string {
  const given = new Set<string>(taken.map((name) => name.toLowerCase()));
  return (name) => {
    const words = wordsOf(name).replaceAll(' ', '_');
    const begun = /^[a-z]/.test(words) ? words : `column_${words}`;
    const base = (TAKEN.test(begun) ? `${begun}_value` : begun).slice(0, 60).replace(/_+$/, '');
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
