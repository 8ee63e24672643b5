/** Reading JSON that somebody else may have written: what is not as expected is named by its place. */

/** An object of a JSON text, or an error naming `place`. */
export function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw new RangeError(`'${place}' is not an object`);
}

/** A list of numbers, all of which `isFit`; `length` long where that is given. */
export function numbersAt(
  value: unknown,
  place: string,
  isFit: (value: number) => boolean,
  length?: number,
): readonly number[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'number' && isFit(item)))
    throw new RangeError(`'${place}' is not a list of usable numbers`);
  if (length !== undefined && value.length !== length)
    throw new RangeError(`'${place}' has ${value.length} values, expected ${length}`);
  return value as number[];
}

/** A list of texts of that length. */
export function textsAt(value: unknown, place: string, length: number): readonly string[] {
  if (Array.isArray(value) && value.length === length && value.every((item) => typeof item === 'string'))
    return value;
  throw new RangeError(`'${place}' is not a list of ${length} texts`);
}

/** A text that is one of those given. */
export function oneOf(value: unknown, place: string, allowed: readonly string[]): string {
  if (typeof value === 'string' && allowed.includes(value)) return value;
  throw new RangeError(
    `'${place}' is ${value === undefined ? 'missing' : JSON.stringify(value)}, expected ${allowed.join(' or ')}`,
  );
}

/** A test for whole numbers from `least` to `most`. */
export const wholeBetween =
  (least: number, most: number) =>
  (value: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;

/** Throws where an object of a JSON text has a key twice; `value` is the text as it was parsed. */
export function requireUniqueKeys(text: string, value: unknown): void {
  let written = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)) if (colon !== undefined) written += 1;
  if (written !== keysIn(value)) throw new RangeError('it has a key twice');
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const items: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : items.length;
  return items.reduce<number>((sum, item) => sum + keysIn(item), own);
}
