/**
 * Reads a JSON body strictly: nothing of it may be lost or changed by reading. `JSON.parse` alone keeps the last of
 * several equal keys, rounds large integers, makes `1e999` infinite, and takes half characters and `__proto__`.
 *
 * The common body is read by `JSON.parse` and one walk over the result. Only what looks suspect goes through the slow
 * reader, which knows the place of what it refuses.
 */
import { isUtf8 } from 'node:buffer';
import { HoldfastError } from '../kernel/index.ts';
import { readStrictly } from './strict-json.ts';

/** Requests are rows or lists of rows: deeper bodies are no requests. */
const DEPTH_OF_REQUESTS = 4;

/**
 * The value of a body.
 *
 * @throws HF610, with the field where there is one, for what is no JSON or would not be read as it was written.
 */
export function readJsonBody(body: Buffer): unknown {
  if (!isUtf8(body)) {
    throw new HoldfastError('HF610', {
      message: 'the body is not UTF-8 text',
      hint: 'send JSON in UTF-8',
    });
  }
  const text = body.toString('utf8');
  const value = parsed(text);
  // Every key has a colon behind it, so no more keys than colons can have been written: where as many were read, none
  // stood twice. Escapes may hide a key or half a character.
  if (value === undefined || text.includes('\\') || plainKeys(value, 0) !== occurrences(text, ':')) {
    readStrictly(text);
  }
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The keys in a value; NaN, which equals no number, where a part of it needs a closer look. */
function plainKeys(value: unknown, depth: number): number {
  if (typeof value === 'number') {
    return value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER ? Number.NaN : 0;
  }
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === DEPTH_OF_REQUESTS) return Number.NaN;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += plainKeys(item, depth + 1);
    return count;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__') return Number.NaN;
    count += 1 + plainKeys((value as Record<string, unknown>)[key], depth + 1);
  }
  return count;
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) count += 1;
  return count;
}
