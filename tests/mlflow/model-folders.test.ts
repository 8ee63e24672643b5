/** MLflow loads the folders of versions and of sets and answers as Holdfast does. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyCalibrator, type Calibrator, riskScores } from '../../src/domain/index.ts';
import {
  checkSamples,
  coherentProbabilities,
  loadSet,
  sampleMatrix,
  storeModel,
  storeSet,
  writeSetFolder,
} from '../../src/model/index.ts';
import { askMlflow, largestDifference, type MlflowAnswer, PYTHON, skippedWithoutPython } from './mlflow.ts';
import { LEARNERS, questionOf, type Scored, scoredCustomers, scoredReaders } from './scored.ts';

const SKIPPED = skippedWithoutPython('mlflow', 'pandas', 'lightgbm', 'xgboost');
const CASES = [...(Object.keys(LEARNERS) as (keyof typeof LEARNERS)[]), 'a pack that cleans'] as const;

/** One of each kind; the first two are far above the last for many rows, so that horizons contradict each other. */
const CALIBRATORS: Readonly<Record<number, Calibrator | undefined>> = {
  30: { method: 'platt', slope: 0.4, intercept: 0.5 },
  60: { method: 'beta', a: 0.3, b: 0.7, c: -0.2 },
  90: undefined,
};

let sets = '';
const scored = new Map<string, Scored>();
const answers = new Map<string, MlflowAnswer>();

const scoredOf = (name: string): Scored => found(scored, name);
const answerOf = (name: string): MlflowAnswer => found(answers, name);
function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`there is nothing of ${name}`);
  return value;
}

beforeAll(async () => {
  if (SKIPPED !== '') return;
  for (const name of CASES)
    scored.set(name, await (name === 'a pack that cleans' ? scoredCustomers() : scoredReaders(name)));
  sets = await mkdtemp(path.join(tmpdir(), 'holdfast-sets-'));
  const questions = [
    ...CASES.map((name) => questionOf(scoredOf(name))),
    { folder: await writtenSet(scoredOf('lightgbm')), rows: scoredOf('lightgbm').rows },
  ];
  askMlflow(questions).forEach((answer, index) => {
    answers.set(CASES[index] ?? 'a set', answer);
  });
});
afterAll(async () => {
  for (const workspace of scored.values()) await workspace[Symbol.asyncDispose]();
  if (sets !== '') await rm(sets, { recursive: true });
});

/** The folder of a set of three horizons, of one booster with three calibrators. */
async function writtenSet({ model }: Scored): Promise<string> {
  const models = path.join(sets, 'workspace/models');
  const members = [];
  for (const [days, calibrator = model.calibrator] of Object.entries(CALIBRATORS)) {
    const content = { ...model, horizonDays: Number(days), calibrator };
    members.push(await storeModel(models, content, model.provenance));
  }
  const { id } = await storeSet(models, members, 'pack');
  const set = await loadSet(models, id);
  const folder = path.join(sets, 'set');
  await writeSetFolder(folder, models, set);
  return folder;
}

describe(`a version's folder${SKIPPED}`, () => {
  test.skipIf(SKIPPED !== '').each(CASES)('of %s answers MLflow as the batch does', (name) => {
    const { said, rows } = scoredOf(name);
    const { answer } = answerOf(name);
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.filter((row) => Object.values(row).includes(null)).length).toBeGreaterThan(50);
    expect(largestDifference(answer['raw_score'], said.raw)).toBe(0);
    expect(largestDifference(answer['probability'], said.probability)).toBeLessThan(1e-12);
    expect(largestDifference(answer['risk_score'], said.risk)).toBeLessThan(1e-12);
  });

  test.skipIf(SKIPPED !== '').each(CASES)('of %s takes rows however they are given', (name) => {
    const { answer, reordered, unchecked, one, none, index, example } = answerOf(name);
    expect(reordered).toEqual(answer);
    expect(unchecked).toEqual(answer);
    expect(one['raw_score']).toEqual(answer['raw_score']?.slice(0, 1));
    expect(none).toEqual({ probability: [], raw_score: [], risk_score: [] });
    expect(index).toBe(100);
    expect(example['probability']).toHaveLength(5);
  });

  test.skipIf(SKIPPED !== '').each(CASES)('of %s refuses rows that lack a feature', (name) => {
    const [first = ''] = Object.keys(scoredOf(name).rows[0] ?? {});
    expect(answerOf(name).refusal).toContain(first);
    expect(answerOf(name).refusalOfLoader).toContain(`the input lacks ${first}:`);
  });

  test.skipIf(SKIPPED !== '').each(CASES)(
    'of %s holds samples that the model still agrees with',
    async (name) => {
      const { workspace, model } = scoredOf(name);
      const { samples } = model;
      expect(samples.length).toBeGreaterThanOrEqual(10);
      // Of these the pack that cleans shows the learner a median, a mode or a constant.
      const missing =
        name === 'a pack that cleans'
          ? ['monthly_charges', 'contract', 'payment_method']
          : ['monthly_price', 'complaints', 'gift_from'];
      for (const feature of missing)
        expect(samples.map(({ features }) => features?.[feature])).toContain(null);
      await workspace.withContext(async (context) => {
        const learner = await context.learner(model.learner.name);
        await using loaded = await learner.load(model.modelText);
        const rawScores = await loaded.predictRaw(sampleMatrix(model));
        expect(checkSamples(model, rawScores)).toEqual({
          samples: samples.length,
          encodedDifferently: 0,
          largestRawDifference: 0,
          largestProbabilityDifference: 0,
        });
        rawScores[0] = (rawScores[0] as number) + 0.5;
        expect(checkSamples(model, rawScores).largestRawDifference).toBeCloseTo(0.5);
      });
    },
  );

  test.skipIf(SKIPPED !== '').each(CASES.filter((name) => name !== 'logistic_regression'))(
    'of %s gives the booster of its library, equal to the bit',
    (name) => {
      expect(answerOf(name).booster).toEqual(scoredOf(name).said.raw);
    },
  );

  test.skipIf(SKIPPED !== '').each(CASES)('of %s is loaded without a warning', (name) => {
    // The library may be installed under another name, and Python may be another one.
    const own = answerOf(name).warnings.filter((text) => !/xgboost|version of Python/.test(text));
    expect(own).toEqual([]);
  });
});

describe(`a set's folder${SKIPPED}`, () => {
  test.skipIf(SKIPPED !== '')('answers MLflow with probabilities that do not contradict each other', () => {
    const { model, said } = scoredOf('lightgbm');
    const raw = Float64Array.from(said.raw);
    const calibrators = Object.values(CALIBRATORS).map((calibrator) => calibrator ?? model.calibrator);
    const [first = raw] = calibrators.map((calibrator) => applyCalibrator(calibrator, raw));
    const expected = coherentProbabilities(calibrators, [raw, raw, raw]);
    expect(expected[0]?.filter((value, row) => value !== first[row]).length).toBeGreaterThan(50);
    const { answer, reordered, refusal } = answerOf('a set');
    expect(Object.keys(answer)).toHaveLength(9);
    for (const [index, days] of Object.keys(CALIBRATORS).entries()) {
      const probabilities = expected[index] ?? raw;
      const risks = riskScores(probabilities, model.statistics.baseRate);
      expect(answer[`raw_score_${days}d`]).toEqual(said.raw);
      expect(largestDifference(answer[`probability_${days}d`], [...probabilities])).toBeLessThan(1e-12);
      expect(largestDifference(answer[`risk_score_${days}d`], [...risks])).toBeLessThan(1e-12);
    }
    expect(reordered).toEqual(answer);
    expect(refusal).toContain('title');
  });
});

test.skipIf(SKIPPED !== '')(`the examples of the guide do what they say${SKIPPED}`, () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/guides/mlflow.md'), 'utf8');
  const examples = [...page.matchAll(/^```python\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
  expect(examples).toHaveLength(2);
  const run = spawnSync(PYTHON, ['-c', examples.join('\n')], { cwd: sets, encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain('probability');
});
