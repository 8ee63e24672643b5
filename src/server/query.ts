/** Switches behind the question mark: `?explain=true`. */
import { misfit } from './error-shape.ts';

/**
 * The switches of a query by their names, each with its default.
 *
 * @throws HF611 for one that is unknown or neither true nor false.
 */
export function readSwitches<T extends Readonly<Record<string, boolean>>>(
  query: unknown,
  defaults: T,
): { readonly [K in keyof T]: boolean } {
  const given = Object.entries(query as Readonly<Record<string, unknown>>);
  if (given.length === 0) return defaults;
  const names = Object.keys(defaults);
  for (const [name, value] of given) {
    if (!Object.hasOwn(defaults, name)) {
      throw misfit(
        name.slice(0, 80),
        'the parameter is unknown',
        names.length === 0 ? 'leave it out: there are none here' : `there are ${names.join(', ')}`,
      );
    }
    if (value !== 'true' && value !== 'false') {
      throw misfit(name, 'expected true or false', `write ?${name}=true`);
    }
  }
  return Object.assign(
    {},
    defaults,
    Object.fromEntries(given.map(([name, value]) => [name, value === 'true'])),
  );
}
