import fc from 'fast-check';
import { expect, test } from 'vitest';
import { artifactParts, fittingValue, isSafePart, searchableHash, validNames } from './names.ts';

/** What the server says of names: its pattern, and that a path of that name is the same when it is normalised. */
function isTaken(name: string): boolean {
  const parts = name.split('/');
  return (
    /^[/\p{L}\p{N}_.\- ]+$/u.test(name) &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    Array.from(name).length <= 250
  );
}

test('a name that the server takes stays as it is', () => {
  const names = ['rounds', 'churn_30.auc-pr', 'test/brier score', 'größe', '.a', 'a..a/._./o_O'];
  expect([...validNames(names).values()]).toEqual(names);
});

test('any names become valid ones, each its own', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 300 })), (names) => {
      const valid = [...validNames(names).values()];
      expect(valid).toHaveLength(names.length);
      expect(new Set(valid).size).toBe(names.length);
      expect(valid.filter((name) => !isTaken(name))).toEqual([]);
    }),
  );
});

test('names that would become the same one are told apart, whichever comes first', () => {
  const valid = validNames(['a=b', 'a_b', 'a:b']);
  expect(valid.get('a_b')).toBe('a_b');
  expect(valid.get('a=b')).toMatch(/^a_b-[0-9a-f]{8}$/);
  expect(valid.get('a:b')).toMatch(/^a_b-[0-9a-f]{8}$/);
  expect(valid.get('a:b')).not.toBe(valid.get('a=b'));
});

test('a name that is too long keeps its beginning and ends in its hash', () => {
  const [one, other] = validNames([`${'x'.repeat(400)}1`, `${'x'.repeat(400)}2`]).values();
  expect(one).toMatch(/^x{241}-[0-9a-f]{8}$/);
  expect(other).not.toBe(one);
});

test('a value is cut at the limit in characters, and only beyond it', () => {
  expect(fittingValue('é'.repeat(6000), 'param')).toEqual({ text: 'é'.repeat(6000), isCut: false });
  expect(fittingValue('😀'.repeat(6001), 'param')).toEqual({ text: `${'😀'.repeat(5999)}…`, isCut: true });
  expect(fittingValue('x'.repeat(5001), 'tag').text).toHaveLength(5000);
});

test('a hash that would end the quotes of a search is hashed itself', () => {
  expect(searchableHash('0af3-x')).toBe('0af3-x');
  expect(searchableHash("x' OR 1=1")).toMatch(/^[0-9a-f]{64}$/);
});

test.each(['..', '.', '', 'a/b', 'a\\b', 'C:', 'a%2e', 'a#b', 'a?b', 'a\0b', 'x'.repeat(256)])(
  'an artifact cannot be called %j',
  (part) => {
    expect(isSafePart(part)).toBe(false);
  },
);

test('an artifact path is made of names that stay inside', () => {
  expect(artifactParts('')).toEqual([]);
  expect(artifactParts('plots/roc curve.html')).toEqual(['plots', 'roc curve.html']);
  for (const path of ['/plots', 'plots/', '../plots', 'a//b'])
    expect(() => artifactParts(path)).toThrow(expect.objectContaining({ code: 'HF703' }) as Error);
});
