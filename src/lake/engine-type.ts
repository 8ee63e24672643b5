/**
 * Reads the engine's spelling of a type, such as `STRUCT(a INTEGER, b DECIMAL(10,2)[])`, into a tree.
 */

/** A type as the engine describes it. */
export type EngineType =
  | { readonly kind: 'simple'; readonly name: string; readonly numbers: readonly number[] }
  | { readonly kind: 'list'; readonly element: EngineType }
  | { readonly kind: 'array' }
  | { readonly kind: 'struct'; readonly fields: readonly { name: string; type: EngineType }[] }
  | { readonly kind: 'map'; readonly key: EngineType; readonly value: EngineType };

/** Parses a type, or gives undefined for a spelling that is not known. */
export function parseEngineType(text: string): EngineType | undefined {
  const trimmed = text.trim();
  if (trimmed.endsWith('[]')) {
    const element = parseEngineType(trimmed.slice(0, -2));
    return element && { kind: 'list', element };
  }
  if (/\[\d+\]$/.test(trimmed)) return { kind: 'array' };
  const call = /^(\w+)\((.*)\)$/s.exec(trimmed);
  if (call === null) return simple(trimmed, []);
  const [, head = '', inner = ''] = call;
  const parts = splitOutside(inner);
  if (head === 'STRUCT') return structOf(parts);
  if (head === 'MAP') {
    const [key, value] = parts.map(parseEngineType);
    return key && value && { kind: 'map', key, value };
  }
  const numbers = parts.map(Number);
  return simple(head, numbers.every(Number.isInteger) ? numbers : []);
}

function simple(name: string, numbers: readonly number[]): EngineType | undefined {
  return /^[A-Z][A-Z0-9_ ]*$/.test(name) ? { kind: 'simple', name, numbers } : undefined;
}

function structOf(parts: readonly string[]): EngineType | undefined {
  const fields = [];
  for (const part of parts) {
    const named = /^(?:"((?:[^"]|"")*)"|(\w+))\s+(.+)$/s.exec(part);
    const type = named?.[3] === undefined ? undefined : parseEngineType(named[3]);
    if (named === null || type === undefined) return undefined;
    fields.push({ name: named[1]?.replaceAll('""', '"') ?? named[2] ?? '', type });
  }
  return { kind: 'struct', fields };
}

/** Splits at commas that stand outside brackets and quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}
