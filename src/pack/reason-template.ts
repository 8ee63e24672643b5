/** Placeholders of the sentences in `features.yaml`. */

export const REASON_PLACEHOLDERS = ['value', 'size', 'percent', 'times'] as const;
export type ReasonPlaceholder = (typeof REASON_PLACEHOLDERS)[number];

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The names in braces, as they are written. */
export function placeholdersOf(sentence: string): string[] {
  return [...sentence.matchAll(PLACEHOLDER)].map(([, name]) => name ?? '');
}

/** Replaces the placeholders. */
export function fillReason(sentence: string, valueOf: (placeholder: ReasonPlaceholder) => string): string {
  return sentence.replaceAll(PLACEHOLDER, (written, name: string) =>
    isPlaceholder(name) ? valueOf(name) : written,
  );
}

export const isPlaceholder = (name: string): name is ReasonPlaceholder =>
  (REASON_PLACEHOLDERS as readonly string[]).includes(name);
