import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { readJsonBody } from './request-body.ts';

const read = (text: string): unknown => readJsonBody(Buffer.from(text));

function refusal(text: string | Buffer): { code: string; field: string | undefined; message: string } {
  try {
    readJsonBody(Buffer.from(text));
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { code: error.code, field: error.place?.field, message: error.message };
  }
  throw new Error(`was read: ${String(text)}`);
}

describe('a body', () => {
  it('is read as JSON.parse reads it, wherever nothing is lost by that', () => {
    const exact = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Surrogate}/u.test(text)),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.boolean(),
      fc.constant(null),
    );
    const key = fc.string().filter((text) => !['__proto__', 'constructor', 'prototype'].includes(text));
    const rows = fc.array(fc.dictionary(key, exact), { maxLength: 4 });
    fc.assert(
      fc.property(rows, fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('with a key twice is refused wherever the two stand, and however they are written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.boolean(),
        (keys, pick, isEscaped) => {
          const twice = keys[pick % keys.length] as string;
          const written = [
            ...keys.map((key) => JSON.stringify(key)),
            isEscaped ? escaped(twice) : JSON.stringify(twice),
          ];
          const { code } = refusal(`{${written.map((key) => `${key}:":"`).join(',')}}`);
          expect(code).toBe('HF610');
        },
      ),
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'a', 'twice'],
    ['{"a":1,"\\u0061":2}', 'a', 'twice'],
    ['[{"a":1},{"b":2,"b":":"}]', '[1].b', 'twice'],
    ['{"__proto__":{"x":1}}', '__proto__', 'not allowed'],
    ['{"\\u005f_proto__":1}', '__proto__', 'not allowed'],
    ['{"a":{"constructor":"\\\\"}}', 'a.constructor', 'not allowed'],
    ['{"a":1e999}', 'a', 'too large'],
    ['{"a":-1e999}', 'a', 'too large'],
    ['{"a":9007199254740993}', 'a', 'too large to be read exactly'],
    ['{"a":-9007199254740992}', 'a', 'too large to be read exactly'],
    ['{"a":1e300}', 'a', 'too large to be read exactly'],
    ['{"a":"\\ud800"}', 'a', 'half a character'],
    ['{"\\udc00":1}', undefined, 'half a character'],
    ['{"a":NaN}', 'a', 'no JSON value'],
    ['{"a":Infinity}', 'a', 'no JSON value'],
    ['{"a":+1}', 'a', 'no JSON value'],
    ['{"a":01}', undefined, 'comma or a closing brace'],
    ['{"a":.5}', 'a', 'no JSON value'],
    ['{"a":"x\ny"}', 'a', 'not closed'],
    ["{'a':1}", undefined, 'double quotes'],
    ['{"a":1,}', undefined, 'double quotes'],
    ['{"a" 1}', 'a', 'colon'],
    ['[1 2]', undefined, 'comma'],
    ['{"a":1} x', undefined, 'follows the end'],
    ['', undefined, 'ends where a value should be'],
    ['\ufeff{}', undefined, 'no JSON value'],
    ['['.repeat(100_000), undefined, 'nested too deeply'],
    [`{"a":${'['.repeat(50)}${']'.repeat(50)}}`, undefined, 'nested too deeply'],
  ])('%j is refused', (text, field, message) => {
    const refused = refusal(text);
    expect(refused).toMatchObject({ code: 'HF610', message: expect.stringContaining(message) as string });
    if (field !== undefined) expect(refused.field).toBe(field);
  });

  it('that is not UTF-8 is refused, and so is the half of a character', () => {
    expect(refusal(Buffer.from([0x22, 0xff, 0x22])).message).toContain('UTF-8');
    expect(refusal(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])).message).toContain('UTF-8');
  });

  it('with colons and escapes in its texts is read', () => {
    expect(read('{"a":"::\\":\\u00e9 \\ud83d\\ude00","b":{"c":[1,-0.5e-3]}}')).toEqual({
      a: '::":é 😀',
      b: { c: [1, -0.0005] },
    });
  });
});

/** A text as JSON with every character escaped. */
function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
