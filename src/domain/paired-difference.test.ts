import { describe, expect, test } from 'vitest';
import { evaluateBinary } from './evaluation.ts';
import { metricList } from './metrics.ts';
import { bootstrapBinary } from './bootstrap.ts';
import { drawDifferences, pairedDifferences } from './paired-difference.ts';
import { uniformNumbers } from './random.ts';

/** Two rows an entity; the other score is the first one with some noise on it. */
function draw(entities: number, noise: number, seed = 1) {
  const uniform = uniformNumbers(seed);
  const rows = Array.from({ length: 2 * entities }, (_, row) => {
    const score = 4 * uniform() - 2;
    const label = uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    return { entity: row >> 1, score, other: score + noise * (uniform() - 0.5), label };
  });
  return {
    labels: Uint8Array.from(rows, ({ label }) => label),
    entities: Uint32Array.from(rows, ({ entity }) => entity),
    rawScores: Float64Array.from(rows, ({ score }) => score),
    other: Float64Array.from(rows, ({ other }) => other),
  };
}

describe('the paired bootstrap of a difference', () => {
  test('gives the difference of the two evaluations, inside its interval', () => {
    const { other, ...rows } = draw(300, 3);
    const [difference] = pairedDifferences({ ...rows, others: [{ rawScores: other }] }, { resamples: 200 });
    const evaluated = (rawScores: Float64Array) =>
      bootstrapBinary({ ...rows, rawScores, probabilities: rawScores.map(() => 0.5) }, { resamples: 200 })
        .metrics;
    const [own, theirs] = [evaluated(rows.rawScores), evaluated(other)];
    for (const name of ['auc_pr', 'auc_roc'] as const) {
      const { value, lower, upper } = difference?.[name] ?? {};
      expect(value).toBeCloseTo((own[name]?.value as number) - (theirs[name]?.value as number), 12);
      expect(lower as number).toBeLessThanOrEqual(value as number);
      expect(upper as number).toBeGreaterThanOrEqual(value as number);
    }
  });

  test('is narrower than the intervals of the two by themselves, where both see the same rows', () => {
    const { other, ...rows } = draw(400, 0.5);
    const [difference] = pairedDifferences({ ...rows, others: [{ rawScores: other }] }, { resamples: 300 });
    const { lower, upper } = difference?.auc_roc ?? {};
    const alone = bootstrapBinary(
      { ...rows, probabilities: rows.rawScores.map(() => 0.5) },
      { resamples: 300 },
    ).metrics['auc_roc'];
    expect((upper as number) - (lower as number)).toBeLessThan(
      0.5 * ((alone?.upper as number) - (alone?.lower as number)),
    );
  });

  test('is 0 from end to end for a score that ranks alike', () => {
    const { other: _other, ...rows } = draw(100, 1);
    const [same] = pairedDifferences(
      { ...rows, others: [{ rawScores: rows.rawScores.map((score) => 2 * score + 1) }] },
      { resamples: 50 },
    );
    expect(same).toEqual({
      auc_pr: { value: 0, lower: 0, upper: 0 },
      auc_roc: { value: 0, lower: 0, upper: 0 },
    });
  });

  test('holds the true difference in about 95 of 100 samples', () => {
    const truth = pairedDifferences(
      (({ other, ...rows }) => ({ ...rows, others: [{ rawScores: other }] }))(draw(100_000, 3, 77)),
      { resamples: 2 },
    )[0]?.auc_roc.value as number;
    let held = 0;
    for (let trial = 0; trial < 100; trial += 1) {
      const { other, ...rows } = draw(250, 3, 1000 + trial);
      const [difference] = pairedDifferences(
        { ...rows, others: [{ rawScores: other }] },
        { resamples: 150, seed: trial },
      );
      const { lower, upper } = difference?.auc_roc ?? {};
      if ((lower as number) <= truth && truth <= (upper as number)) held += 1;
    }
    // A standard deviation is 2.2.
    expect(held).toBeGreaterThanOrEqual(88);
    expect(held).toBeLessThanOrEqual(100);
  });

  test('says why there is none', () => {
    const one = { labels: Uint8Array.of(0, 0), entities: Uint32Array.of(1, 2) };
    const rawScores = Float64Array.of(0, 1);
    const [none] = pairedDifferences({ ...one, rawScores, others: [{ rawScores }] }, { resamples: 5 });
    expect(none?.auc_pr).toEqual({
      value: null,
      lower: null,
      upper: null,
      reason: 'no row is positive',
    });
    const [few] = pairedDifferences(
      { ...one, entities: Uint32Array.of(4, 4), rawScores, others: [{ rawScores }] },
      { resamples: 5 },
    );
    expect(few?.auc_roc.reason).toBe('an interval needs two entities');
    expect(pairedDifferences({ ...one, rawScores, others: [] })).toEqual([]);
  });

  const shares = (scores: Float64Array) => scores.map((score) => 1 / (1 + Math.exp(-score)));

  test('measures every metric, above 0 where the first one is nearer to what is best', () => {
    const { other, ...rows } = draw(400, 3);
    const own = { rawScores: rows.rawScores, probabilities: shares(rows.rawScores), threshold: 0.4 };
    const theirs = { rawScores: other, probabilities: shares(other), threshold: 0.6 };
    const metrics = metricList();
    const [difference] = pairedDifferences(
      { ...rows, ...own, others: [theirs] },
      { metrics: metrics.map(({ name }) => name), resamples: 50 },
    );
    const measured = ({ threshold, ...scores }: typeof own) =>
      evaluateBinary({ ...rows, ...scores }, { threshold }).metrics;
    const [first, second] = [measured(own), measured(theirs)];
    expect(Object.keys(difference ?? {})).toEqual(metrics.map(({ name }) => name));
    for (const { name, best } of metrics) {
      const [a, b] = [first[name]?.value as number, second[name]?.value as number];
      const off = (value: number) => Math.abs(value - (best === 'one' ? 1 : 0));
      const gain = best === 'highest' ? a - b : best === 'lowest' ? b - a : off(b) - off(a);
      expect([name, difference?.[name]?.value]).toEqual([name, expect.closeTo(gain, 12)]);
      expect(difference?.[name]?.lower as number).toBeLessThanOrEqual(gain + 1e-12);
      expect(difference?.[name]?.upper as number).toBeGreaterThanOrEqual(gain - 1e-12);
    }
    // The other one is the noisier: lower is better, and the difference says so.
    expect(difference?.['log_loss']?.value).toBeGreaterThan(0);
    expect(difference?.['calibration_slope']?.value).toBeGreaterThan(0);
  });

  test('gives what each resample drew, in ascending order, with the interval among it', () => {
    const { other, ...rows } = draw(200, 3);
    const [found] = drawDifferences(
      { ...rows, others: [{ rawScores: other }] },
      { metrics: ['auc_roc'], resamples: 101, level: 0.9 },
    );
    const { drawn, lower, upper } = found?.auc_roc ?? { drawn: new Float64Array(), lower: 0, upper: 0 };
    expect(drawn).toHaveLength(101);
    expect(drawn).toEqual(drawn.toSorted());
    expect([lower, upper]).toEqual([drawn[5], drawn[95]]);
  });

  test('has a reason for a metric of probabilities without any, and refuses a metric that there is not', () => {
    const { other, ...rows } = draw(50, 3);
    const compared = { ...rows, others: [{ rawScores: other }] };
    const [difference] = pairedDifferences(compared, { metrics: ['brier', 'ks'], resamples: 5 });
    expect(difference?.brier).toMatchObject({ value: null, reason: 'there are no probabilities' });
    expect(difference?.ks.value).not.toBeNull();
    expect(() => pairedDifferences(compared, { metrics: ['roc'] })).toThrow(/there is no metric roc/);
  });
});
