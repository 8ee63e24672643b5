import { expect, test } from 'vitest';

import { halfOf } from './halves.ts';

test('the half follows from the last bit of the first 8 digits of the MD5', () => {
  // RFC 1321: MD5("a") = 0cc175b9c0..., MD5("abc") = 900150983c..., MD5("") = d41d8cd98f...
  expect(['a', 'abc', ''].map(halfOf)).toEqual(['calibrate', 'stop', 'calibrate']);
});

test('keys fall into both halves about evenly', () => {
  const stops = Array.from({ length: 10_000 }, (_, index) => halfOf(`entity-${index}`)).filter(
    (half) => half === 'stop',
  );
  expect(Math.abs(stops.length - 5000)).toBeLessThan(200);
});
