import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { descendingOrder } from './order.ts';

const order = (values: readonly number[]): number[] => [...descendingOrder(Float64Array.from(values))];

describe('descendingOrder', () => {
  test('goes from the highest value to the lowest and keeps tied rows in row order', () => {
    expect(order([1, 3, 2, 3, 1])).toEqual([1, 3, 2, 0, 4]);
  });

  test('takes 0 and -0 as equal and puts infinities at the ends', () => {
    expect(order([-0, 0, -Infinity, Infinity, -0])).toEqual([3, 0, 1, 4, 2]);
  });

  test('has nothing to say about no rows', () => {
    expect(order([])).toEqual([]);
  });

  test('agrees with a comparison sort for any doubles', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 5e-324, -5e-324));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const expected = values
          .map((_, row) => row)
          .sort((a, b) => {
            const [left, right] = [values[a] as number, values[b] as number];
            return left === right ? a - b : left > right ? -1 : 1;
          });
        expect(order(values)).toEqual(expected);
      }),
    );
  });

  test('refuses NaN and names the row', () => {
    expect(() => order([1, NaN])).toThrow(/row 2 is NaN/);
  });
});
