/** Values of cells as text: what a person sees, without the decoration. */

/** A cell: a text, or a number with a point for decimals. */
export type Cell = string | { readonly number: string };

/** Number formats that are dates without being spelled out in the file (ECMA-376, 18.8.30), locales included. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** What the number of a cell stands for by its format. */
export type NumberMeaning = 'number' | 'date' | 'time';

/** What cells of a number format hold; `code` is the format where the file spells it out. */
export function meaningOf(id: number, code: string | undefined): NumberMeaning {
  if (code === undefined) {
    if (!isBuiltInDate(id)) return 'number';
    return (id >= 18 && id <= 21) || (id >= 45 && id <= 47) ? 'time' : 'date';
  }
  // Texts in quotes, characters after a backslash, and colours and conditions in brackets say nothing.
  const [positive = ''] = code
    .replaceAll(/"[^"]*"|\\.|_.|\*./g, '')
    .replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .split(';');
  if (/^(?:general|standard)$/i.test(positive.trim())) return 'number';
  if (/\[[hms]+\]/i.test(positive)) return 'number';
  if (/[dy]/i.test(positive)) return 'date';
  if (/m/i.test(positive) && !/[hs]/i.test(positive)) return 'date';
  return /[hs]/i.test(positive.replaceAll(/am\/pm|a\/p/gi, '')) ? 'time' : 'number';
}

const DAY_MS = 86_400_000;
/** Serial 0 of both calendars; the first one has a 29 February 1900 that never was. */
const START_1900 = Date.UTC(1899, 11, 30);
const START_1904 = Date.UTC(1904, 0, 1);
/** Serial number of the last day of year 9999. */
const LAST_DAY = 2_958_465;

/** A serial number as ISO date, date and time, or time; as the number where it is no day. */
export function serialText(serial: number, meaning: NumberMeaning, is1904: boolean): string {
  if (!(serial >= 0) || serial > LAST_DAY + 1) return numberText(String(serial));
  const days = !is1904 && serial < 60 ? serial + 1 : serial;
  const instant = new Date((is1904 ? START_1904 : START_1900) + Math.round(days * DAY_MS)).toISOString();
  const clock = instant.slice(11, 23).replace(/\.000$/, '');
  if (meaning === 'time' && serial < 1) return clock;
  return clock === '00:00:00' ? instant.slice(0, 10) : `${instant.slice(0, 10)} ${clock}`;
}

/** A stored number as a person sees it: 15 digits, whole numbers without a point. */
export function numberText(stored: string): string {
  if (/^-?\d+$/.test(stored)) return stored;
  const value = Number(stored);
  return Number.isFinite(value) ? String(Number(value.toPrecision(15))) : stored;
}

/** Control characters are stored as `_x000D_`, and an underscore before such a text as `_x005F_`. */
export function cellText(stored: string): string {
  if (!stored.includes('_x')) return stored;
  return stored.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}

/** An ISO date as some programs store it, without a time that says nothing. */
export const isoText = (stored: string): string =>
  stored.replace(/T00:00:00(?:\.0+)?Z?$/, '').replace('T', ' ');
