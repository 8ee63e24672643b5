/** The spelling of keys: camelCase in the program, snake_case in every document that it writes. */

/**
 * The value with its camelCase keys in snake_case, as documents for programs spell them. Other keys
 * (names of tables, tiers, columns) stay as they are.
 */
export function snakeKeys(value: unknown): unknown {
  return withKeys(value, (key) =>
    /^[a-z]+[0-9a-z]*([A-Z][a-z0-9]*)+$/.test(key)
      ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      : key,
  );
}

/**
 * The way back: the value with its snake_case keys in camelCase, except those that `isName` knows as names of things,
 * such as metrics; `parent` is the key of the object that they stand in.
 */
export function camelKeys(value: unknown, isName: (key: string, parent: string) => boolean): unknown {
  return withKeys(value, (key, parent) =>
    isName(key, parent) ? key : key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
  );
}

function withKeys(value: unknown, spell: (key: string, parent: string) => string, parent = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withKeys(item, spell, parent));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [spell(key, parent), withKeys(item, spell, key)]),
  );
}
