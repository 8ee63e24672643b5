import { describe, expect, test } from 'vitest';
import { gaussLegendre } from './quadrature.ts';

describe('Gauss-Legendre quadrature', () => {
  test.each([1, 2, 3, 4, 7, 8, 16, 31, 32])(
    'integrates powers up to 2n - 1 exactly with %i points',
    (count) => {
      const { points, weights } = gaussLegendre(count);
      for (let power = 0; power < 2 * count; power++) {
        const integral = points.reduce(
          (sum, point, index) => sum + (weights[index] ?? NaN) * point ** power,
          0,
        );
        expect(integral).toBeCloseTo(1 / (power + 1), 14);
      }
      expect([...points]).toEqual([...points].sort((a, b) => a - b));
    },
  );

  test('has the known points and weights for two points', () => {
    const { points, weights } = gaussLegendre(2);
    expect(points[0]).toBeCloseTo((1 - 1 / Math.sqrt(3)) / 2, 15);
    expect(points[1]).toBeCloseTo((1 + 1 / Math.sqrt(3)) / 2, 15);
    expect([...weights]).toEqual([expect.closeTo(0.5, 15), expect.closeTo(0.5, 15)]);
  });
});
