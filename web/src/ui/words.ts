/** Words of the interface as people say them. */
import { count } from './format.ts';

/** `customer` -> `customers`, `policy` -> `policies`. */
export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** `1 customer`, `1,200 customers`. */
export const counted = (number: number, noun: string): string =>
  `${count(number)} ${number === 1 ? noun : plural(noun)}`;

/** With a capital, as a heading begins. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
