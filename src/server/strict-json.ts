/** The slow reader of JSON: it makes nothing, and knows the field of what it refuses. RFC 8259 and I-JSON (RFC 7493). */
import { HoldfastError } from '../kernel/index.ts';

const DEPTH_AT_MOST = 16;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
/** Plain characters of a text, as many as there are; never fails and never looks back. */
const PLAIN = /[^"\\]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
const LITERALS = ['true', 'false', 'null'] as const;
/** Keys by which programs that merge objects have been led to change all objects. */
const KEYS_OF_PROTOTYPES = new Set(['__proto__', 'constructor', 'prototype']);
/** As much of a key as an error shows. */
const SHOWN_LENGTH = 80;

/** Refuses what is no JSON and what would not be read as it was written. Throws HF610 with the field. */
export function readStrictly(text: string): void {
  const reader = new StrictReader(text);
  reader.document();
}

class StrictReader {
  readonly #text: string;
  #at = 0;
  /** Keys and indexes of where the reader is. */
  readonly #path: (string | number)[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value();
    this.#blanks();
    if (this.#at < this.#text.length) this.#refuse('something follows the end of the JSON value');
  }

  #value(): void {
    this.#blanks();
    if (this.#path.length > DEPTH_AT_MOST) this.#refuse('the value is nested too deeply');
    const first = this.#text[this.#at];
    if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === '"') this.#string();
    else if (first === undefined) this.#refuse('the body ends where a value should be');
    else if (first === '-' || (first >= '0' && first <= '9')) this.#number();
    else this.#literal();
  }

  #object(): void {
    const keys = new Set<string>();
    this.#at += 1;
    if (this.#isNext('}')) return;
    do {
      this.#blanks();
      if (this.#text[this.#at] !== '"') this.#refuse('a key in double quotes is missing');
      const key = this.#string();
      this.#path.push(key);
      if (keys.has(key)) this.#refuse('the key is there twice', 'write each key once');
      if (KEYS_OF_PROTOTYPES.has(key)) this.#refuse('the key is not allowed', 'leave it out');
      keys.add(key);
      if (!this.#isNext(':')) this.#refuse('a colon is missing after the key');
      this.#value();
      this.#path.pop();
    } while (this.#isNext(','));
    if (!this.#isNext('}')) this.#refuse('a comma or a closing brace is missing');
  }

  #array(): void {
    this.#at += 1;
    if (this.#isNext(']')) return;
    let index = 0;
    do {
      this.#path.push(index);
      this.#value();
      this.#path.pop();
      index += 1;
    } while (this.#isNext(','));
    if (!this.#isNext(']')) this.#refuse('a comma or a closing bracket is missing');
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    do this.#match(PLAIN);
    while (this.#match(ESCAPE) !== undefined);
    const isClosed = this.#isAt('"');
    const value = isClosed ? unescaped(this.#text.slice(start, this.#at)) : undefined;
    if (value === undefined) {
      this.#refuse('a text is not closed, or holds a character that must be escaped');
    }
    if (LONE_SURROGATE.test(value)) this.#refuse('the text holds half a character', 'send whole characters');
    return value;
  }

  #number(): void {
    const text = this.#match(NUMBER);
    if (text === undefined) this.#refuse('the number is not written as JSON writes numbers');
    const value = Number(text);
    if (!Number.isFinite(value)) this.#refuse('the number is too large', 'no number is beyond 1.8e308');
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      this.#refuse('the whole number is too large to be read exactly', 'no whole number is beyond 2^53 - 1');
    }
  }

  #literal(): void {
    const literal = LITERALS.find((word) => this.#text.startsWith(word, this.#at));
    if (literal === undefined) {
      this.#refuse(
        'this is no JSON value',
        'there are texts in double quotes, numbers, true, false and null',
      );
    }
    this.#at += literal.length;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Steps over blanks and, where it comes next, over the character. */
  #isNext(character: string): boolean {
    this.#blanks();
    return this.#isAt(character);
  }

  #isAt(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #blanks(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? '.')) this.#at += 1;
  }

  #refuse(message: string, hint = `look at character ${String(this.#at + 1)} of the body`): never {
    const field = this.#path.reduce<string>(
      (path, part) => (typeof part === 'number' ? `${path}[${String(part)}]` : joined(path, part)),
      '',
    );
    throw new HoldfastError('HF610', {
      message,
      hint,
      ...(field === '' ? {} : { place: { field } }),
    });
  }
}

/** A text with its escapes resolved; undefined where a control character stands in it as it is. */
function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function joined(path: string, key: string): string {
  const shown = key.slice(0, SHOWN_LENGTH).replaceAll(LONE_SURROGATES, '\ufffd');
  return path === '' ? shown : `${path}.${shown}`;
}
