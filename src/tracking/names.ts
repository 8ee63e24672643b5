/** Names and values as MLflow takes them. Its rules stand in `mlflow/utils/validation.py`. */
import { sha256 } from '../kernel/index.ts';
import { unusable } from './failure.ts';

const LONGEST_NAME = 250;
/** Of a param; and the shortest limit that a version of MLflow sets to a tag. */
const LONGEST_VALUE = { param: 6000, tag: 5000 } as const;

/**
 * Names of params, metrics or tags as MLflow takes them: letters, digits, `_`, `-`, `.`, spaces and slashes between
 * parts, at most 250 characters. Anything else becomes `_`; a name that another one became already ends in the first
 * digits of its own hash, so that no value takes the place of another.
 *
 * @returns each given name with its valid one, in the given order.
 */
export function validNames(names: readonly string[]): ReadonlyMap<string, string> {
  const untouched = new Set(names.filter((name) => validName(name) === name));
  const taken = new Set(untouched);
  const valid = new Map<string, string>();
  for (const name of names) {
    if (valid.has(name)) continue;
    const wanted = validName(name);
    const given = untouched.has(name) || !taken.has(wanted) ? wanted : withHash(wanted, name);
    taken.add(given);
    valid.set(name, given);
  }
  return valid;
}

function validName(name: string): string {
  const parts = name
    .replaceAll(/[^\p{L}\p{N}_\-. /]/gu, '_')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const joined = parts.length === 0 ? '_' : parts.join('/');
  return Array.from(joined).length <= LONGEST_NAME ? joined : withHash(joined, name);
}

function withHash(valid: string, name: string): string {
  const ending = `-${sha256(name).slice(0, 8)}`;
  return (
    Array.from(valid)
      .slice(0, LONGEST_NAME - ending.length)
      .join('') + ending
  );
}

/** A value that fits; `isCut` where it had to be shortened. Lengths count characters, not bytes. */
export function fittingValue(
  value: string,
  kind: keyof typeof LONGEST_VALUE,
): { text: string; isCut: boolean } {
  const characters = Array.from(value);
  const most = LONGEST_VALUE[kind];
  return characters.length <= most
    ? { text: value, isCut: false }
    : { text: `${characters.slice(0, most - 1).join('')}…`, isCut: true };
}

/** A hash as a text that a search can hold between quotes. */
export function searchableHash(contentHash: string): string {
  return /^[\w.:-]{1,200}$/.test(contentHash) ? contentHash : sha256(contentHash);
}

/**
 * What a file or folder may be called on both sides: one part of a path, without what a server, a URL or a file system
 * reads as something else.
 */
export function isSafePart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && part.length <= 255 && !/[/\\:?#%\p{Cc}]/u.test(part);
}

/**
 * The parts of an artifact path such as `plots/roc.html`; of an empty path none. HF703 for a name that cannot be held
 * there unchanged.
 */
export function artifactParts(path: string): readonly string[] {
  const parts = path === '' ? [] : path.split('/');
  const odd = parts.find((part) => !isSafePart(part));
  if (odd === undefined) return parts;
  throw unusable(
    `no artifact can be called ${JSON.stringify(path)}`,
    'use relative paths with / between their parts, without : ? # % and backslashes',
  );
}
