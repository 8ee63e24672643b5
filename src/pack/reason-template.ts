/** Placeholders of the sentences in `features.yaml`. */

export const REASON_PLACEHOLDERS = ['value', 'size', 'percent', 'times'] as const;
export type ReasonPlaceholder = (typeof REASON_PLACEHOLDERS)[number];

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** What stands in braces: a name, and for a number the word that follows it, of one and of several. */
export interface WrittenPlaceholder {
  readonly name: string;
  /** Of one and of others, in this order; empty where no word is given. */
  readonly words: readonly string[];
}

/** What stands in braces, as it is written. */
export function placeholdersOf(sentence: string): WrittenPlaceholder[] {
  return [...sentence.matchAll(PLACEHOLDER)].map(([, written]) => readPlaceholder(written ?? ''));
}

/**
 * Replaces the placeholders. A word follows its number as it is said: `{value|day|days}` is `1 day` and `2 days`. The
 * number as people read it decides: what is rounded to 1 is one.
 */
export function fillReason(sentence: string, valueOf: (placeholder: ReasonPlaceholder) => string): string {
  return sentence.replaceAll(PLACEHOLDER, (written, inner: string) => {
    const { name, words } = readPlaceholder(inner);
    if (!isPlaceholder(name)) return written;
    const value = valueOf(name);
    const [one, several] = words;
    if (one === undefined || several === undefined) return value;
    return `${value} ${value === '1' || value === '-1' ? one : several}`;
  });
}

function readPlaceholder(inner: string): WrittenPlaceholder {
  const [name = '', ...words] = inner.split('|');
  return { name, words };
}

export const isPlaceholder = (name: string): name is ReasonPlaceholder =>
  (REASON_PLACEHOLDERS as readonly string[]).includes(name);
