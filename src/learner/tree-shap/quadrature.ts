/** Points and weights that integrate polynomials over [0, 1] exactly. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Legendre quadrature with `count` points on [0, 1]: exact for polynomials up to the degree
 * `2 * count - 1`. The points are the roots of the Legendre polynomial, found by Newton's method from
 * Tricomi's estimate; the weights are `2 / ((1 - x^2) P'(x)^2)` (Abramowitz and Stegun 25.4.29), both moved
 * from [-1, 1] to [0, 1].
 */
export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    let root = Math.cos((Math.PI * (index + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let step = 0; step < 20; step++) {
      const { value, derivative } = legendre(count, root);
      const change = value / derivative;
      root -= change;
      slope = derivative;
      if (Math.abs(change) < 1e-16) break;
    }
    points[count - 1 - index] = (1 + root) / 2;
    weights[count - 1 - index] = 1 / ((1 - root * root) * slope * slope);
  }
  return { points, weights };
}

/** Value and derivative of the Legendre polynomial, by Bonnet's recursion. */
function legendre(degree: number, x: number): { readonly value: number; readonly derivative: number } {
  let before = 1;
  let value = x;
  for (let order = 2; order <= degree; order++) {
    [before, value] = [value, ((2 * order - 1) * x * value - (order - 1) * before) / order];
  }
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
