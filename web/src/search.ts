/** The state of a view in its address: plain parameters, repeated where there are several values. */

export type RawSearch = Record<string, string | string[]>;

/** `?tier=RED&tier=AMBER` -> `{tier: ['RED', 'AMBER']}`. */
export function parseSearch(text: string): RawSearch {
  const search: RawSearch = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    search[name] = before === undefined ? value : [before, value].flat();
  }
  return search;
}

/** The reverse; what is undefined, empty or an empty list is left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const item of [value].flat()) {
      const text = one(item);
      if (text !== undefined && text !== '') parameters.append(name, text);
    }
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** A parameter that stands once; the first where an address has several. */
export const one = (value: unknown): string | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' || typeof first === 'number' || typeof first === 'boolean'
    ? String(first)
    : undefined;
};

/** All values of a parameter. */
export const many = (value: unknown): string[] =>
  (value === undefined ? [] : [value].flat()).filter((item): item is string => typeof item === 'string');

/** A parameter as a number; undefined where it is none. */
export const number = (value: unknown): number | undefined => {
  const text = one(value);
  const read = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(read) ? read : undefined;
};

/** A parameter as a place in a list, from 0; undefined where it is none. */
export const wholeNumber = (value: unknown): number | undefined => {
  const read = number(value);
  return read !== undefined && Number.isInteger(read) && read >= 0 ? read : undefined;
};
