import type { Value } from './engine.ts';

/** A value of a result as text: NULL and an absent column as nothing, lists and structs as JSON. */
export function textOf(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
