/** Metrics and isotonic regression against scikit-learn, on the same arrays, to 1e-9. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { applyIsotonic, evaluateBinary, fitIsotonic } from '../../src/domain/index.ts';

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const REFERENCE = fileURLToPath(new URL('reference.py', import.meta.url));
const RECALL = 0.7;

interface Case {
  readonly name: string;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
  readonly weights: readonly number[];
  readonly queries: readonly number[];
}

interface Answer {
  readonly areaUnderRoc: number;
  readonly averagePrecision: number;
  readonly brierScore: number;
  readonly logLoss: number;
  readonly precisionAtRecall: number;
  readonly isotonic: readonly number[];
  readonly weightedIsotonic: readonly number[];
}

/** Numbers in [0, 1) from a seed (mulberry32), so that every run asks the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Shape {
  readonly rows: number;
  readonly baseRate: number;
  readonly score: (label: number, random: () => number) => number;
}

function makeCase(name: string, seed: number, { rows, baseRate, score }: Shape): Case {
  const random = generator(seed);
  // The first two rows make sure that both classes are there.
  const labels = Array.from({ length: rows }, (_, row) => (row < 2 ? row : random() < baseRate ? 1 : 0));
  const scores = labels.map((label) => score(label, random));
  const spread = (): number =>
    Math.min(...scores) - 1 + random() * (Math.max(...scores) - Math.min(...scores) + 2);
  return {
    name,
    labels,
    scores,
    probabilities: scores.map((value) => 1 / (1 + Math.exp(-value))),
    weights: scores.map(() => Math.floor(random() * 4) + random()),
    queries: [...scores.slice(0, 300), ...Array.from({ length: 300 }, spread)],
  };
}

const noisy = (label: number, random: () => number): number => label + 4 * (random() + random() - 1);
const CASES: readonly Case[] = [
  makeCase('distinct scores', 1, { rows: 3000, baseRate: 0.3, score: noisy }),
  makeCase('many ties', 2, {
    rows: 3000,
    baseRate: 0.3,
    score: (label, random) => Math.round(noisy(label, random)),
  }),
  makeCase('constant scores', 3, { rows: 500, baseRate: 0.2, score: () => -2.5 }),
  makeCase('one positive in 20,000', 4, { rows: 20_000, baseRate: 0, score: noisy }),
  makeCase('all positive but one', 5, { rows: 5000, baseRate: 1, score: noisy }),
  makeCase('scores that rank backwards', 6, {
    rows: 2000,
    baseRate: 0.4,
    score: (label, random) => -3 * noisy(label, random),
  }),
  makeCase('perfect separation', 7, {
    rows: 1000,
    baseRate: 0.1,
    score: (label, random) => 40 * (2 * label - 1) + random(),
  }),
  makeCase('two rows', 8, { rows: 2, baseRate: 0.5, score: (label) => label }),
];

/** Why the reference cannot be asked here, or null. */
function reasonToSkip(): string | null {
  const { status, error } = spawnSync(PYTHON, ['-c', 'import sklearn'], { encoding: 'utf8' });
  if (error !== undefined) return 'no Python in .venv';
  return status === 0 ? null : 'no scikit-learn in .venv';
}

function askReference(): readonly Answer[] {
  const input = JSON.stringify(CASES.map((one) => ({ ...one, recall: RECALL })));
  const run = spawnSync(PYTHON, [REFERENCE], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`the reference failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as Answer[];
}

function largestDifference(actual: Float64Array, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return expected.reduce(
    (worst, value, row) => Math.max(worst, Math.abs(value - (actual[row] as number))),
    0,
  );
}

const skip = reasonToSkip();

describe.skipIf(skip !== null)(`scikit-learn agrees${skip === null ? '' : ` (skipped: ${skip})`}`, () => {
  const answers = skip === null ? askReference() : [];

  test.each(CASES.map((one, index) => [one.name, one, answers[index] as Answer] as const))(
    'on the metrics of %s',
    (_, one, answer) => {
      const actual = evaluateBinary(
        Uint8Array.from(one.labels),
        Float64Array.from(one.scores),
        Float64Array.from(one.probabilities),
        { recall: RECALL },
      );
      const { isotonic, weightedIsotonic, ...metrics } = answer;
      expect([isotonic.length, weightedIsotonic.length]).toEqual([one.queries.length, one.queries.length]);
      for (const [name, value] of Object.entries(metrics)) {
        expect(actual[name as keyof typeof metrics], name).toBeCloseTo(value, 9);
      }
    },
  );

  test.each(CASES.map((one, index) => [one.name, one, answers[index] as Answer] as const))(
    'on the isotonic regression of %s, with weights and without',
    (_, one, answer) => {
      const labels = Uint8Array.from(one.labels);
      const scores = Float64Array.from(one.scores);
      const queries = Float64Array.from(one.queries);
      const plain = fitIsotonic(scores, labels);
      expect(largestDifference(applyIsotonic(plain, queries), answer.isotonic)).toBeLessThan(1e-9);
      const weighted = fitIsotonic(scores, labels, Float64Array.from(one.weights));
      expect(largestDifference(applyIsotonic(weighted, queries), answer.weightedIsotonic)).toBeLessThan(1e-9);
    },
  );
});
