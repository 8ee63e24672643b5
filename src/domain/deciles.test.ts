import fc from 'fast-check';
import { expect, test } from 'vitest';

import { assignDeciles, decileEdges } from './deciles.ts';

const scores = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 60 });

test('a hundred distinct scores fall into ten deciles of ten, the highest in decile 10', () => {
  const sample = Float64Array.from({ length: 100 }, (_, row) => (row * 37) % 100);
  const deciles = assignDeciles(decileEdges(sample), sample);
  deciles.forEach((decile, row) => {
    expect(decile).toBe(Math.floor((sample[row] as number) / 10) + 1);
  });
});

test('edges are nine, rising, frozen and taken from the sample', () => {
  fc.assert(
    fc.property(scores, (values) => {
      const edges = decileEdges(Float64Array.from(values));
      expect(edges).toHaveLength(9);
      expect(Object.isFrozen(edges)).toBe(true);
      edges.forEach((edge, index) => {
        expect(values).toContain(edge);
        expect(edge).toBeGreaterThanOrEqual(edges[index - 1] ?? -Infinity);
      });
    }),
  );
});

test('a higher score never has a lower decile', () => {
  fc.assert(
    fc.property(scores, scores, (sample, values) => {
      const sorted = Float64Array.from(values).sort();
      const deciles = assignDeciles(decileEdges(Float64Array.from(sample)), sorted);
      deciles.forEach((decile, row) => {
        expect(decile).toBeGreaterThanOrEqual(deciles[row - 1] ?? 1);
      });
    }),
  );
});

test('repeated scores share a decile and leave others empty', () => {
  const sample = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 2);
  expect([...assignDeciles(decileEdges(sample), sample)]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 9, 10]);
  expect([...assignDeciles(decileEdges(Float64Array.of(5)), Float64Array.of(4, 5, 6))]).toEqual([1, 1, 10]);
});

test('frozen edges serve scores beyond the sample', () => {
  const edges = decileEdges(Float64Array.from({ length: 10 }, (_, row) => row));
  expect([...assignDeciles(edges, Float64Array.of(-Infinity, 99, Infinity))]).toEqual([1, 10, 10]);
});

test('an empty sample and NaN are refused', () => {
  expect(() => decileEdges(Float64Array.of())).toThrow(/no scores/);
  expect(() => decileEdges(Float64Array.of(NaN))).toThrow(/row 1 is NaN/);
  expect(() => assignDeciles([1], Float64Array.of(NaN))).toThrow(/row 1 is NaN/);
});
