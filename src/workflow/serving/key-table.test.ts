import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyTable, placeOf } from './key-table.ts';

describe('a table of keys', () => {
  test('finds each key at its place, and no other key', () => {
    const keys = [
      '',
      '0',
      '00',
      '1e3',
      '-1',
      ' 1',
      'Ärger',
      'A\u0308rger',
      '日本',
      '😀',
      '\ud83d',
      'a\0b',
      'x'.repeat(100_000),
    ];
    const table = keyTable(keys);
    keys.forEach((key, place) => {
      expect(placeOf(table, key)).toBe(place);
    });
    for (const other of [
      '000',
      '1000',
      '1',
      'ärger',
      '\ude00',
      '\ufffd',
      'a',
      'x'.repeat(99_999),
      '__proto__',
    ])
      expect(placeOf(table, other)).toBeUndefined();
  });

  test('without keys finds none', () => {
    expect(placeOf(keyTable([]), '')).toBeUndefined();
  });

  test('finds a key that is there twice at its last place', () => {
    expect(placeOf(keyTable(['a', 'b', 'a']), 'a')).toBe(2);
  });

  test('answers as a map of the same keys does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.string()), (keys, others) => {
        const places = new Map(keys.map((key, place) => [key, place]));
        const table = keyTable(keys);
        for (const key of [...keys, ...others]) expect(placeOf(table, key)).toBe(places.get(key));
      }),
    );
  });

  test('holds many keys that differ in their last letters alone', () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `CUST_${String(index).padStart(8, '0')}`);
    const table = keyTable(keys);
    expect(keys.every((key, place) => placeOf(table, key) === place)).toBe(true);
    expect(placeOf(table, 'CUST_00050000')).toBeUndefined();
  });
});
