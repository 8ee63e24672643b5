/** Rules about the sentences of reasons in `features.yaml`. */
import { nearestWord } from '../kernel/index.ts';
import { packError } from './check-schema.ts';
import {
  isPlaceholder,
  placeholdersOf,
  REASON_PLACEHOLDERS,
  type WrittenPlaceholder,
} from './reason-template.ts';
import type { Feature } from './schema.ts';
import type { KeyPath, YamlFile } from './yaml-file.ts';

/**
 * Throws what `packError` throws for an unknown placeholder, for a range or a category where the other is meant, and
 * for two sentences about the same value, of which only the first would ever be said.
 */
export function checkReason(file: YamlFile, path: KeyPath, { type, reason, missing }: Feature): void {
  const numeric = type === 'numeric';
  if (!numeric && missing.length > 0)
    throw packError(
      file,
      [...path, 'missing'],
      'a categorical feature has no numbers that stand for missing',
    );
  if (reason === undefined) return;
  if (typeof reason === 'string') {
    checkSentence(file, [...path, 'reason'], reason, numeric);
    return;
  }
  for (const [index, { from, below, is, say }] of reason.entries()) {
    const at = [...path, 'reason', index];
    checkSentence(file, [...at, 'say'], say, numeric);
    if (numeric && is !== undefined)
      throw packError(file, [...at, 'is'], 'a numeric feature has no categories', 'use from and below');
    if (!numeric && (from !== undefined || below !== undefined))
      throw packError(file, at, 'a categorical feature has no range', 'use is, a list of categories');
    if (from !== undefined && below !== undefined && from >= below)
      throw packError(file, [...at, 'below'], `the range ends at ${below}, before it begins at ${from}`);
  }
  checkOverlaps(file, path, reason);
}

type ReasonCase = Exclude<Feature['reason'], string | undefined>[number];

function checkOverlaps(file: YamlFile, path: KeyPath, cases: readonly ReasonCase[]): void {
  for (const [index, later] of cases.entries()) {
    // The last case may leave its values open: it is what is said of all others.
    if (index > 0 && index === cases.length - 1 && isOpen(later)) continue;
    const first = cases.findIndex(
      (earlier, place) => place < index && sharedBy(earlier, later) !== undefined,
    );
    const earlier = cases[first];
    if (earlier === undefined) continue;
    throw packError(
      file,
      [...path, 'reason', index],
      `the reasons ${first + 1} (${caseText(earlier)}) and ${index + 1} (${caseText(later)}) of ${String(path.at(-1))} both cover ${sharedBy(earlier, later) ?? ''}`,
      'let each value have one sentence; a range holds its from and ends before its below',
    );
  }
}

const isOpen = ({ from, below, is }: ReasonCase): boolean =>
  from === undefined && below === undefined && is === undefined;

/** A value that both cases are said of, in words. */
function sharedBy(one: ReasonCase, other: ReasonCase): string | undefined {
  const categories = one.is ?? other.is;
  if (categories !== undefined)
    return categories.find((category) =>
      [one, other].every(({ is }) => is === undefined || is.includes(category)),
    );
  const from = Math.max(one.from ?? -Infinity, other.from ?? -Infinity);
  const below = Math.min(one.below ?? Infinity, other.below ?? Infinity);
  if (from >= below) return undefined;
  if (from !== -Infinity) return String(from);
  return below === Infinity ? 'every value' : `the values below ${String(below)}`;
}

function caseText({ from, below, is }: ReasonCase): string {
  if (is !== undefined) return is.join(', ');
  const parts = [
    ...(from === undefined ? [] : [`from ${String(from)}`]),
    ...(below === undefined ? [] : [`below ${String(below)}`]),
  ];
  return parts.length === 0 ? 'every value' : parts.join(' ');
}

function checkSentence(file: YamlFile, path: KeyPath, sentence: string, numeric: boolean): void {
  for (const { name, words } of placeholdersOf(sentence)) {
    if (!isPlaceholder(name)) {
      const near = nearestWord(name, [...REASON_PLACEHOLDERS]);
      throw packError(
        file,
        path,
        `unknown placeholder {${name}}`,
        `use one of ${REASON_PLACEHOLDERS.map((known) => `{${known}}`).join(', ')}${near === undefined ? '' : `; {${near}} is nearest`}`,
      );
    }
    if (!numeric && name !== 'value')
      throw packError(file, path, `{${name}} is a number, but the feature is categorical`, 'use {value}');
    checkWords(file, path, { name, words }, numeric);
  }
}

/** A number has two words or none; a category, and what is a word itself, have none. */
function checkWords(
  file: YamlFile,
  path: KeyPath,
  { name, words }: WrittenPlaceholder,
  numeric: boolean,
): void {
  if (words.length === 0) return;
  const written = [name, ...words].join('|');
  if (!numeric || name === 'times')
    throw packError(file, path, `{${written}} counts nothing, and has words for it`, `use {${name}}`);
  if (words.length !== 2 || words.some((word) => word.trim() === ''))
    throw packError(
      file,
      path,
      `{${written}} does not have two words`,
      `write the word for one and the word for several, such as {${name}|day|days}`,
    );
}
