/** Differences of two models against scikit-learn and numpy, on the same resamples, to 1e-9. */
import { expect, test } from 'vitest';
import { drawDifferences } from '../../src/domain/index.ts';
import { drawCopies } from '../../src/domain/resamples.ts';
import { ask, generator, reasonToSkip } from './python-reference.ts';

const ENTITIES = 120;
const RESAMPLES = 60;
const SEED = 11;

interface Answer {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly drawn: readonly number[];
}

const METRICS = ['auc_pr', 'auc_roc', 'ks', 'f1', 'brier', 'log_loss', 'calibration_error'] as const;

const skip = reasonToSkip('sklearn', 'scipy', 'empulse');

test.skipIf(skip !== null)(
  'paired differences and what each resample draws agree with scikit-learn, a decision threshold for each model',
  () => {
    const random = generator(5);
    const rows = Array.from({ length: 3 * ENTITIES }, (_, row) => {
      const score = 4 * random() - 3;
      const other = score + 2 * (random() - 0.5);
      return {
        entity: Math.floor(row / 3),
        score,
        other,
        label: random() < 1 / (1 + Math.exp(-score)) ? 1 : 0,
      };
    });
    const labels = rows.map(({ label }) => label);
    const entities = rows.map(({ entity }) => entity);
    const [own, theirs] = [
      { scores: rows.map(({ score }) => score), threshold: 0.35 },
      // Ties, and another threshold.
      { scores: rows.map(({ other }) => Math.round(4 * other) / 4), threshold: 0.45 },
    ].map(({ scores, threshold }) => ({
      scores,
      threshold,
      probabilities: scores.map((score) => 1 / (1 + Math.exp(-score))),
    }));
    if (own === undefined || theirs === undefined) throw new Error('there are two models');
    const copies = Array.from({ length: RESAMPLES }, (_, resample) =>
      Array.from(drawCopies(ENTITIES, SEED, resample)),
    );
    const { paired } = ask('reference.py', {
      paired: [{ labels, entities, copies, models: [own, theirs] }],
    }) as { paired: [Record<(typeof METRICS)[number], Answer>] };
    const columns = ({ scores, probabilities, threshold }: typeof own) => ({
      rawScores: Float64Array.from(scores),
      probabilities: Float64Array.from(probabilities),
      threshold,
    });
    const [actual] = drawDifferences(
      {
        labels: Uint8Array.from(labels),
        entities: Uint32Array.from(entities),
        ...columns(own),
        others: [columns(theirs)],
      },
      { metrics: METRICS, resamples: RESAMPLES, seed: SEED, level: 0.9 },
    );
    for (const name of METRICS) {
      const expected = paired[0][name];
      const found = actual?.[name];
      for (const part of ['value', 'lower', 'upper'] as const)
        expect([name, part, found?.[part]]).toEqual([name, part, expect.closeTo(expected[part], 9)]);
      expect(found?.drawn).toHaveLength(RESAMPLES);
      expected.drawn.forEach((value, place) => {
        expect(found?.drawn[place]).toBeCloseTo(value, 9);
      });
    }
  },
);
