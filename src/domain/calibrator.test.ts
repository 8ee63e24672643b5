import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { chooseCalibrator } from './calibrator-choice.ts';
import { applyCalibrator, CALIBRATION_METHODS, type Calibrator, fitCalibrator } from './calibrator.ts';
import { makeCoherent } from './coherence.ts';
import { applyIsotonic } from './isotonic.ts';
import { randomNumbers } from './random.ts';

const someRows = fc.array(
  fc.record({ score: fc.double({ min: -40, max: 40, noNaN: true }), label: fc.integer({ min: 0, max: 1 }) }),
  { minLength: 1, maxLength: 30 },
);
type Rows = readonly { readonly score: number; readonly label: number }[];
const scoresOf = (rows: Rows): Float64Array => Float64Array.from(rows, ({ score }) => score);
const labelsOf = (rows: Rows): Uint8Array => Uint8Array.from(rows, ({ label }) => label);

/** Rows whose log-odds are a function of the score; two rows an entity. */
function draw(
  rows: number,
  logOdds: (score: number) => number,
): {
  rawScores: Float64Array;
  labels: Uint8Array;
  entities: Uint32Array;
} {
  const random = randomNumbers(4, 2);
  const uniform = (): number => (random() + 0.5) / 2 ** 32;
  const rawScores = Float64Array.from({ length: rows }, () => 6 * uniform() - 3);
  return {
    rawScores,
    labels: Uint8Array.from(rawScores, (score) => (uniform() < 1 / (1 + Math.exp(-logOdds(score))) ? 1 : 0)),
    entities: Uint32Array.from(rawScores, (_, row) => row >> 1),
  };
}

describe.each(CALIBRATION_METHODS)('the calibrator %s', (method) => {
  test('never falls as the score rises, and keeps strictly between 0 and 1', () => {
    const queries = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(someRows, queries, (rows, others) => {
        const { calibrator } = fitCalibrator(method, scoresOf(rows), labelsOf(rows));
        const values = applyCalibrator(calibrator, Float64Array.of(...others, ...scoresOf(rows)).sort());
        values.forEach((value, index) => {
          expect(value > 0 && value < 1).toBe(true);
          expect(value).toBeGreaterThanOrEqual(values[index - 1] ?? 0);
        });
      }),
    );
  });

  test('is the same after JSON', () => {
    const { rawScores, labels } = draw(200, (score) => score);
    const { calibrator } = fitCalibrator(method, rawScores, labels);
    const again = JSON.parse(JSON.stringify(calibrator)) as Calibrator;
    expect(applyCalibrator(again, rawScores)).toEqual(applyCalibrator(calibrator, rawScores));
  });

  test('finds back probabilities that a line of log-odds gives', () => {
    const { rawScores, labels } = draw(40_000, (score) => 0.7 * score - 1);
    const scores = Float64Array.of(-2, -1, 0, 1, 2);
    const values = applyCalibrator(fitCalibrator(method, rawScores, labels).calibrator, scores);
    scores.forEach((score, index) => {
      const truth = 1 / (1 + Math.exp(1 - 0.7 * score));
      expect(Math.abs((values[index] as number) - truth)).toBeLessThan(0.03);
    });
  });

  test('refuses what it cannot be fitted on', () => {
    const labels = Uint8Array.of(1);
    expect(() => fitCalibrator(method, Float64Array.of(), Uint8Array.of())).toThrow(/no rows/);
    expect(() => fitCalibrator(method, Float64Array.of(Infinity), labels)).toThrow(/row 1 is Infinity/);
    expect(() => fitCalibrator(method, Float64Array.of(0), Uint8Array.of(2))).toThrow(/neither 0 nor 1/);
    expect(() => fitCalibrator(method, Float64Array.of(0, 1), labels)).toThrow(/differ in length/);
    const { calibrator } = fitCalibrator(method, Float64Array.of(0, 1), Uint8Array.of(0, 1));
    expect(() => applyCalibrator(calibrator, Float64Array.of(NaN))).toThrow(/row 1 is NaN/);
  });
});

describe('a calibrator on scores that rank backwards', () => {
  test.each(['platt', 'beta'] as const)('is constant: %s', (method) => {
    const scores = Float64Array.of(-2, -1, 1, 2);
    const { calibrator } = fitCalibrator(method, scores, Uint8Array.of(1, 1, 0, 0));
    expect([...applyCalibrator(calibrator, scores)]).toEqual(
      [0.5, 0.5, 0.5, 0.5].map((v) => expect.closeTo(v, 12) as number),
    );
  });
});

describe('a stored isotonic calibrator', () => {
  test('of an older model folder is read as it was', () => {
    const stored = JSON.parse(
      '{"method":"isotonic","knots":{"x":[-1,0,2],"y":[0.01,0.2,0.9]}}',
    ) as Calibrator;
    const scores = Float64Array.of(-3, -0.5, 1, 5);
    expect(applyCalibrator(stored, scores)).toEqual(
      applyIsotonic({ x: [-1, 0, 2], y: [0.01, 0.2, 0.9] }, scores),
    );
  });
});

describe('the choice of a calibrator', () => {
  test('takes the simplest where the truth is a line', () => {
    const choice = chooseCalibrator(draw(20_000, (score) => 0.5 * score - 2));
    expect(choice).toMatchObject({ calibrator: { method: 'platt' }, rows: 20_000, folds: 5 });
    expect(choice.calibrator.method === 'platt' && choice.calibrator.slope).toBeCloseTo(0.5, 1);
    expect(Object.keys(choice.logLoss)).toEqual([...CALIBRATION_METHODS]);
  });

  test('takes isotonic where the truth has a step', () => {
    const choice = chooseCalibrator(draw(20_000, (score) => (score > 1 ? 2 : -2)));
    expect(choice.calibrator.method).toBe('isotonic');
  });

  test('takes beta where the truth bends as it can', () => {
    const softPlus = (score: number): number => Math.log1p(Math.exp(score));
    const choice = chooseCalibrator(
      draw(40_000, (score) => 4 * softPlus(score) - 0.1 * softPlus(-score) - 4),
    );
    expect(choice.calibrator.method).toBe('beta');
  });

  test('is the same for rows in another order', () => {
    const { rawScores, labels, entities } = draw(2000, (score) => score);
    const turned = {
      rawScores: rawScores.toReversed(),
      labels: labels.toReversed(),
      entities: entities.toReversed(),
    };
    expect(chooseCalibrator(turned).calibrator.method).toBe(
      chooseCalibrator({ rawScores, labels, entities }).calibrator.method,
    );
  });

  test('leaves out what did not converge, and says so', () => {
    // With two scores that are all but equal, the two columns of beta calibration are one up to rounding.
    const rawScores = Float64Array.from({ length: 200 }, (_, row) => (row % 2 === 1 ? 0 : -1e-6));
    const labels = Uint8Array.from(rawScores, (_, row) => (row < 4 ? 1 - (row % 2) : row % 2));
    const entities = Uint32Array.from(rawScores, (_, row) => row >> 1);
    expect(fitCalibrator('beta', rawScores, labels).converged).toBe(false);
    const choice = chooseCalibrator({ rawScores, labels, entities });
    expect(choice.notConverged).toContain('beta');
    expect(choice.logLoss).not.toHaveProperty('beta');
    expect(choice.calibrator.method).not.toBe('beta');
    expect(chooseCalibrator(draw(400, (score) => score)).notConverged).toEqual([]);
  });

  test('takes the simplest where there is one entity', () => {
    const { rawScores, labels } = draw(50, (score) => score);
    const choice = chooseCalibrator({ rawScores, labels, entities: new Uint32Array(50) });
    expect(choice).toMatchObject({ calibrator: { method: 'platt' }, folds: 1, logLoss: {} });
  });
});

describe('coherent horizons', () => {
  test('never have a larger summed squared error than the calibrated values they come from', () => {
    const row = fc.record({
      values: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
      leaves: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const columns = [0, 1, 2].map((horizon) =>
          Float64Array.from(rows, ({ values }) => values[horizon] as number),
        );
        const error = (): number =>
          rows.reduce(
            (sum, { leaves }, index) =>
              columns.reduce(
                (total, column, horizon) =>
                  total + ((column[index] as number) - (horizon >= leaves ? 1 : 0)) ** 2,
                sum,
              ),
            0,
          );
        const before = error();
        makeCoherent(columns);
        expect(error()).toBeLessThanOrEqual(before + 1e-12);
      }),
    );
  });
});
