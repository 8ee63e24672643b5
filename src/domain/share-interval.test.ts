import { describe, expect, test } from 'vitest';
import { ratioInterval, wilsonInterval } from './share-interval.ts';

describe('the interval of a share', () => {
  test('of independent rows is the one that Wilson gives', () => {
    // statsmodels: proportion_confint(10, 50, method='wilson')
    expect(wilsonInterval(10, 50)?.lower).toBeCloseTo(0.1124375, 6);
    expect(wilsonInterval(10, 50)?.upper).toBeCloseTo(0.3303711, 6);
    expect(wilsonInterval(0, 20)?.lower).toBe(0);
    expect(wilsonInterval(20, 20)?.upper).toBe(1);
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  test('of entities with several rows is wider than of as many entities with one', () => {
    const entities = 60;
    const parts = Float64Array.from({ length: entities }, (_, entity) => (entity % 4 === 0 ? 5 : 0));
    const { lower, upper } =
      ratioInterval(
        parts,
        parts.map(() => 5),
        { resamples: 400 },
      ) ?? {};
    const naive = wilsonInterval(75, 300);
    expect(lower as number).toBeLessThan(0.25);
    expect(upper as number).toBeGreaterThan(0.25);
    expect((upper as number) - (lower as number)).toBeGreaterThan(
      1.5 * ((naive?.upper as number) - (naive?.lower as number)),
    );
  });

  test('is not there for one entity, or where nothing is counted', () => {
    expect(ratioInterval(Float64Array.of(1), Float64Array.of(2))).toBeNull();
    expect(ratioInterval(Float64Array.of(0, 0), Float64Array.of(0, 0), { resamples: 10 })).toBeNull();
  });
});
