import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../learner/index.ts';
import type { FeatureEncoding, FeatureStatistics } from '../model/index.ts';
import { explainByLime, type LimeRequest } from './index.ts';
import { valueBins } from './value-bins.ts';

const ENCODING: FeatureEncoding = {
  contractHash: '',
  features: [
    { name: 'days', type: 'numeric', categories: [] },
    { name: 'calls', type: 'numeric', categories: [] },
    { name: 'constant', type: 'numeric', categories: [] },
    { name: 'channel', type: 'categorical', categories: ['shop', 'web'] },
  ],
};
const [, calls, , channel] = ENCODING.features;
const QUANTILES: Readonly<Record<string, FeatureStatistics>> = {
  days: { missingShare: 0.1, quantiles: [-50, -40, -30, -10, 0, 10, 30, 40, 50] },
  calls: { missingShare: 0, quantiles: [0, 0, 0, 0, 0, 1, 3, 5, 9] },
  constant: { missingShare: 0, quantiles: Array.from({ length: 9 }, () => 7) },
  channel: { missingShare: 0, quantiles: [], shares: [0.25, 0.75] },
};

/** A model that adds up a coefficient times each value; missing counts as nothing. */
const linear =
  (...coefficients: readonly number[]) =>
  ({ rows, data }: FeatureMatrix): Promise<Float64Array> =>
    Promise.resolve(
      Float64Array.from({ length: rows }, (_, row) =>
        coefficients.reduce((sum, coefficient, column) => {
          const value = data[column * rows + row] as number;
          return sum + (Number.isNaN(value) ? 0 : coefficient * value);
        }, 0),
      ),
    );
const request = (over: Partial<LimeRequest> = {}): LimeRequest => ({
  encoding: ENCODING,
  statistics: { features: QUANTILES },
  values: Float64Array.of(45, 0, 7, 1),
  predictRaw: linear(0.1, 0.8, 3, -1),
  ...over,
});

describe('LIME', () => {
  it('recovers the direction of every feature of a linear model, and that a constant has none', async () => {
    const { weights = [], fit } = await explainByLime(request());
    expect(fit).toBeGreaterThan(0.6);
    const by = new Map(weights.map(({ feature, weight }) => [feature, weight]));
    expect(by.get('days')).toBeGreaterThan(2);
    expect(by.get('calls')).toBeLessThan(-0.3);
    expect(by.get('channel')).toBeLessThan(-0.5);
    expect(by.get('constant')).toBeCloseTo(0, 9);
    expect(weights.map(({ weight }) => Math.abs(weight))).toEqual(
      weights.map(({ weight }) => Math.abs(weight)).sort((a, b) => b - a),
    );
  });

  it('says in what range the value is', async () => {
    const { weights = [] } = await explainByLime(request());
    expect(Object.fromEntries(weights.map(({ feature, condition }) => [feature, condition]))).toEqual({
      days: 'above 40',
      calls: 'at most 0',
      constant: 'at most 7',
      channel: 'web',
    });
  });

  it('is the same for a seed, and nearly so for another one', async () => {
    const first = await explainByLime(request());
    expect(await explainByLime(request())).toEqual(first);
    const other = await explainByLime(request({ seed: 2 }));
    expect(other).not.toEqual(first);
    expect(other.weights?.[0]?.feature).toBe(first.weights?.[0]?.feature);
    expect(other.fit).toBeCloseTo(first.fit, 1);
  });

  it('gives no weights where the model is no line around the row', async () => {
    // Alike only where two features change together: no sum of single changes says that.
    const crossing = await explainByLime(
      request({
        predictRaw: ({ rows, data }) =>
          Promise.resolve(
            Float64Array.from(
              { length: rows },
              (_, row) =>
                Math.sign((data[row] as number) || 0) *
                ((data[3 * rows + row] as number) === 1 ? 1 : -1) *
                ((data[rows + row] as number) > 0 ? -1 : 1),
            ),
          ),
      }),
    );
    expect(crossing.fit).toBeLessThan(crossing.leastFit);
    expect(crossing.weights).toBeUndefined();
  });

  it('gives no weights where the model says the same of everything', async () => {
    const { fit, weights } = await explainByLime(request({ predictRaw: linear() }));
    expect(fit).toBeNaN();
    expect(weights).toBeUndefined();
  });

  it('explains a row with missing values, and models that stored no shares', async () => {
    const older = { ...QUANTILES, channel: { missingShare: 0, quantiles: [] } };
    const { weights = [] } = await explainByLime(
      request({ values: Float64Array.of(NaN, 5, 7, NaN), statistics: { features: older } }),
    );
    expect(weights.find(({ feature }) => feature === 'days')?.condition).toBe('missing');
    expect(weights.find(({ feature }) => feature === 'calls')?.weight).toBeGreaterThan(0.5);
  });
});

describe('a value that stands for a missing one', () => {
  it("is not told as the row's own, and a capped one is told as it was", async () => {
    const { weights = [] } = await explainByLime(
      request({ values: Float64Array.of(1, 5, 7, 0), told: Float64Array.of(NaN, 5, 7_000_000, 0) }),
    );
    const conditionOf = (name: string): string =>
      weights.find(({ feature }) => feature === name)?.condition ?? '';
    expect(conditionOf('days')).toMatch(/^missing, taken as ./);
    const third = weights.map(({ condition }) => condition).filter((text) => text.startsWith('above'));
    expect(third.length).toBeGreaterThan(0);
  });
});

describe('draws', () => {
  const numbers = (): (() => number) => {
    let next = 0;
    return () => (next++ * 0.618_033_988_75) % 1;
  };

  it('come as often as the training rows have them', () => {
    if (channel === undefined || calls === undefined) throw new Error('there are four features');
    const random = numbers();
    const bins = valueBins(channel, QUANTILES['channel']);
    const drawn = Array.from({ length: 2000 }, () => bins.draw(random));
    expect(drawn.filter((code) => code === 1).length / 2000).toBeCloseTo(0.75, 1);
    const counts = valueBins(calls, QUANTILES['calls']);
    const values = Array.from({ length: 2000 }, () => counts.draw(random));
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 9)).toBe(true);
    expect(values.filter((value) => value === 0).length / 2000).toBeGreaterThan(0.45);
  });

  it('are missing values where the training rows have nothing else', () => {
    if (calls === undefined) throw new Error('there are four features');
    const bins = valueBins(calls, { missingShare: 1, quantiles: [] });
    expect(bins.draw(numbers())).toBeNaN();
    expect(bins.binOf(bins.draw(numbers()))).toBe(bins.binOf(Number.NaN));
    expect(valueBins(calls, undefined).draw(numbers())).toBeNaN();
  });
});
