import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { bootstrapBinary, type BootstrapOptions } from './bootstrap.ts';
import { evaluateBinary } from './evaluation.ts';
import type { ScoredColumns } from './measure.ts';
import { randomNumbers } from './random.ts';

interface Sample extends ScoredColumns {
  readonly entities: Uint32Array;
}

/** Two rows an entity, alike in score and label for the most part; the truth of every metric is that of a huge sample. */
function drawSample(entities: number, seed: number): Sample {
  const random = randomNumbers(seed, 0);
  const uniform = (): number => (random() + 0.5) / 2 ** 32;
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const rows = Array.from({ length: entities }, (_, entity) => {
    const own = normal();
    const fate = uniform();
    return [0, 1].map(() => {
      const score = own + 0.3 * normal() - 1;
      const probability = 1 / (1 + Math.exp(-score));
      return { entity, score, probability, label: fate < probability ? 1 : 0 };
    });
  }).flat();
  return {
    labels: Uint8Array.from(rows, ({ label }) => label),
    rawScores: Float64Array.from(rows, ({ score }) => score),
    probabilities: Float64Array.from(rows, ({ probability }) => probability),
    entities: Uint32Array.from(rows, ({ entity }) => entity),
  };
}

const sample = drawSample(200, 1);
const quick: BootstrapOptions = { resamples: 100, threshold: 0.4 };

describe('a bootstrap over entities', () => {
  test('gives the values of the evaluation, each within its interval', () => {
    const { bootstrap, ...evaluation } = bootstrapBinary(sample, quick);
    const plain = evaluateBinary(sample, quick);
    expect(bootstrap).toEqual({ entities: 200, resamples: 100, seed: 1, level: 0.95 });
    for (const [name, { value, lower, upper }] of Object.entries(evaluation.metrics)) {
      expect(value).toBe(plain.metrics[name]?.value);
      const [below, above] = [(value as number) - (lower as number), (upper as number) - (value as number)];
      expect([name, below >= 0, above >= 0, below + above > 0]).toEqual([name, true, true, true]);
    }
    expect({ ...evaluation, metrics: 0 }).toEqual({ ...plain, metrics: 0 });
  });

  test('gives the same for the same seed, and other intervals for another', () => {
    expect(bootstrapBinary(sample, quick)).toEqual(bootstrapBinary(sample, quick));
    const other = bootstrapBinary(sample, { ...quick, seed: 2 });
    expect(other.metrics['auc_pr']?.lower).not.toBe(bootstrapBinary(sample, quick).metrics['auc_pr']?.lower);
  });

  test('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 400, maxLength: 400 }), (keys) => {
        const order = keys.map((_, row) => row).sort((a, b) => (keys[a] as number) - (keys[b] as number));
        const take = <Column extends Float64Array | Uint8Array | Uint32Array>(column: Column): Column =>
          column.map((_: number, row: number) => column[order[row] as number] as number) as Column;
        const shuffled = {
          labels: take(sample.labels as Uint8Array),
          rawScores: take(sample.rawScores),
          probabilities: take(sample.probabilities),
          entities: take(sample.entities),
        };
        const options = { resamples: 5 };
        expect(bootstrapBinary(shuffled, options)).toEqual(bootstrapBinary(sample, options));
      }),
      { numRuns: 10 },
    );
  });

  test('tells its progress', () => {
    const done: number[] = [];
    bootstrapBinary(sample, { resamples: 3, onResample: (count) => done.push(count) });
    expect(done).toEqual([1, 2, 3]);
  });

  test('of rows instead of entities would be too narrow', () => {
    const width = (columns: Sample): number => {
      const { lower, upper } = bootstrapBinary(columns, { resamples: 300 }).metrics['brier'] ?? {};
      return (upper as number) - (lower as number);
    };
    const rows = { ...sample, entities: sample.entities.map((_, row) => row) };
    expect(width(rows)).toBeLessThan(0.85 * width(sample));
  });
});

describe('no interval', () => {
  const reasonOf = (columns: Sample, name: string): unknown => bootstrapBinary(columns, quick).metrics[name];
  const of = (labels: readonly number[], entities: readonly number[]): Sample => {
    const rawScores = Float64Array.from(labels, (_, row) => row / 10);
    return {
      labels: Uint8Array.from(labels),
      rawScores,
      probabilities: rawScores,
      entities: Uint32Array.from(entities),
    };
  };

  test('is there where one class only is', () => {
    expect(reasonOf(of([0, 0, 0], [1, 2, 3]), 'auc_pr')).toEqual({
      value: null,
      lower: null,
      upper: null,
      reason: 'no row is positive',
    });
    expect(reasonOf(of([0, 0, 0], [1, 2, 3]), 'brier')).toMatchObject({
      lower: expect.any(Number) as number,
    });
  });

  test('is there for one entity, or none', () => {
    expect(reasonOf(of([1, 0, 1], [7, 7, 7]), 'auc_pr')).toMatchObject({
      value: expect.any(Number) as number,
      lower: null,
      reason: 'an interval needs two entities',
    });
    expect(reasonOf(of([], []), 'brier')).toMatchObject({ value: null, lower: null });
  });

  test('is there where many resamples have one class only', () => {
    expect(reasonOf(of([1, 0, 0], [1, 2, 3]), 'auc_roc')).toMatchObject({
      lower: null,
      reason: expect.stringMatching(/^only \d+ of 100 resamples have a value$/) as string,
    });
  });

  test.each([
    [{ resamples: 1 }, /resamples is 1/],
    [{ seed: 0.5 }, /seed is 0.5/],
    [{ level: 95 }, /level is 95/],
  ])('is made with %j', (options, message) => {
    expect(() => bootstrapBinary(sample, options)).toThrow(message);
  });
});
