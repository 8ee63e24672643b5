/**
 * What every learner must do, whatever library is behind it. A learner's own test file calls
 * `describeLearnerContract` with the way to open it and the parameters of a small model.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type FeatureMatrix,
  type Learner,
  openExplainer,
  sharedMatrix,
  type TrainingResult,
  type TrainingTask,
} from '../../src/learner/index.ts';
import { EXAMPLE_NAMES, exampleTask, matrixOf } from './example-data.ts';

/** A learner and how to speak to it. */
export interface LearnerUnderTest {
  readonly open: () => Promise<Learner>;
  /** Parameters of a small model whose early stopping, if it has any, looks at average precision. */
  readonly parameters: TrainingTask['parameters'];
  /** Further parameters that let the seed have a part; null where nothing is random. */
  readonly chance: TrainingTask['parameters'] | null;
  /** A parameter spelt wrong and how it is spelt. */
  readonly misspelt: readonly [string, string];
  /** The parameter that constrains directions (1, 0 or -1 a feature); null where it is refused. */
  readonly monotone: ((directions: readonly number[]) => TrainingTask['parameters']) | null;
  /** `boosting` stops early, a `forest` has as many trees as rounds, `once` has no rounds. */
  readonly grows: 'boosting' | 'forest' | 'once';
  /** What the library calls average precision; empty where it does not stop early. */
  readonly metric: string;
  /** To how many decimals contributions add up to the raw score. */
  readonly decimals: number;
}

export function describeLearnerContract(name: string, subject: LearnerUnderTest): void {
  const { open, parameters, chance, misspelt, monotone, grows, metric, decimals } = subject;
  describe(`the learner ${name}`, () => {
    let learner: Learner;
    let task: TrainingTask;
    let trained: TrainingResult;

    beforeAll(async () => {
      learner = await open();
      task = exampleTask(4000, { parameters });
      trained = await learner.train(task);
    });
    afterAll(() => learner[Symbol.asyncDispose]());

    test('tells its name and version', () => {
      expect(learner.name).toBe(name);
      expect(learner.version).toMatch(/^\d+\.\d+\.\d+/);
    });

    test('ranks better than chance on rows it has not seen', async () => {
      await using model = await learner.load(trained.modelText);
      const scores = await model.predictRaw(task.features);
      expect(areaUnderCurve(scores, task.labels, task.stopRows)).toBeGreaterThan(0.75);
    });

    test('writes the same bytes with one, two and four threads', async () => {
      const one = await learner.train({ ...task, threads: 1 });
      const two = await learner.train({ ...task, threads: 2 });
      const four = await learner.train({ ...task, threads: 4 });
      expect(four.modelText).toBe(one.modelText);
      expect(one.modelText).toBe(trained.modelText);
      expect(two.modelText).toBe(one.modelText);
      expect(two.stopMetric).toEqual(one.stopMetric);
    });

    test('writes the same bytes whether the matrix lies in shared or in ordinary memory', async () => {
      const features = { ...task.features, data: Float64Array.from(task.features.data) };
      const result = await learner.train({ ...task, features });
      expect(result.modelText).toBe(trained.modelText);
    });

    test.skipIf(chance === null)(
      'grows another model from another seed where chance has a part',
      async () => {
        const settings = { ...task, parameters: { ...parameters, ...chance } };
        const first = await learner.train({ ...settings, seed: 1 });
        const second = await learner.train({ ...settings, seed: 2 });
        const again = await learner.train({ ...settings, seed: 1 });
        expect(second.modelText).not.toBe(first.modelText);
        expect(again.modelText).toBe(first.modelText);
      },
    );

    test('learns from the train rows alone', async () => {
      const labels = Float32Array.from(task.labels);
      const features = { ...task.features, data: Float64Array.from(task.features.data) };
      for (const row of task.stopRows) {
        labels[row] = 1 - (labels[row] ?? 0);
        features.data[row] = 1e9;
      }
      const settings = { stopRows: new Uint32Array(), rounds: 20 };
      const before = await learner.train({ ...task, ...settings });
      const after = await learner.train({ ...task, ...settings, labels, features });
      expect(after.modelText).toBe(before.modelText);
    });

    test.skipIf(grows !== 'boosting')(
      'stops early at the best round of the stop rows and keeps the trees up to it',
      async () => {
        const { values } = trained.stopMetric;
        const best = values.indexOf(Math.max(...values)) + 1;
        expect(trained.stopMetric.name).toBe(metric);
        expect(trained.rounds).toBe(values.length);
        expect(trained.trees).toBe(best);
        expect(trained.rounds).toBe(best + task.earlyStoppingRounds);
        await using model = await learner.load(trained.modelText);
        expect(model.trees).toBe(trained.trees);
      },
    );

    test('says with which parameters it trained: those given, and its defaults', async () => {
      expect(trained.parameters).toMatchObject(parameters);
      const plain = await learner.train({ ...task, parameters: {}, rounds: 3 });
      const named = await learner.train({ ...task, parameters: plain.parameters, rounds: 3 });
      expect(Object.keys(plain.parameters).length).toBeGreaterThan(0);
      expect(named.modelText).toBe(plain.modelText);
    });

    test('keeps all rounds without stop rows, and with early stopping off', async () => {
      const without = await learner.train({ ...task, stopRows: new Uint32Array(), rounds: 30 });
      const off = await learner.train({ ...task, earlyStoppingRounds: 0, rounds: 30 });
      const [trees, rounds] = grows === 'once' ? [0, 1] : [30, 30];
      expect(without).toMatchObject({ trees, rounds, stopMetric: { values: [] } });
      expect(off).toMatchObject({ trees, rounds });
      expect(off.stopMetric.values).toHaveLength(grows === 'boosting' ? 30 : 0);
      expect(off.modelText).toBe(without.modelText);
    });

    test('says how far it is', async () => {
      const rounds: number[] = [];
      await learner.train({ ...task, stopRows: new Uint32Array(), rounds: 25 }, (round) =>
        rounds.push(round),
      );
      expect(rounds.at(-1)).toBe(25);
      expect(rounds).toEqual([...rounds].sort((a, b) => a - b));
    });

    test('gives split gains for each feature, none for pure noise beside them', () => {
      expect(trained.gain).toHaveLength(EXAMPLE_NAMES.length);
      const [tenure = 0, gap = 0, plan = 0, noise = 0] = trained.gain;
      expect(Math.min(tenure, gap, plan)).toBeGreaterThan(noise);
    });

    test('predicts a single row to the bit as it does in a batch, and again from saved text', async () => {
      await using model = await learner.load(trained.modelText);
      await using again = await learner.load(trained.modelText);
      const batch = await model.predictRaw(task.features);
      expect(await again.predictRaw(task.features)).toEqual(batch);
      for (const row of [0, 1, 17, 3999]) {
        const values = EXAMPLE_NAMES.map((_, column) => task.features.data[column * 4000 + row] ?? NaN);
        expect((await model.predictRaw(matrixOf([values])))[0]).toBe(batch[row]);
      }
    });

    test('gives contributions that add up to the raw scores, the base being the same for all', async () => {
      await using model = await learner.load(trained.modelText);
      const matrix = matrixOf([
        [NaN, 0, 3, 0.5],
        [990, 1.5, 4, 0.5],
      ]);
      const scores = await model.predictRaw(matrix);
      const contributions = await model.predictContributions(matrix);
      expect(contributions).toHaveLength(2 * 5);
      const sum = (row: Float64Array): number => row.reduce((total, value) => total + value, 0);
      expect(sum(contributions.subarray(0, 5))).toBeCloseTo(scores[0] ?? NaN, decimals);
      expect(sum(contributions.subarray(5))).toBeCloseTo(scores[1] ?? NaN, decimals);
      expect(contributions[4]).toBeCloseTo(contributions[9] ?? NaN, decimals);
      const some = firstRows(task.features, 300);
      const all = await model.predictContributions(some);
      const furthest = (await model.predictRaw(some)).reduce(
        (most, score, row) => Math.max(most, Math.abs(sum(all.subarray(row * 5, row * 5 + 5)) - score)),
        0,
      );
      expect(furthest).toBeLessThan(10 ** -decimals);
      expect(await model.predictContributions(sharedMatrix(0, 4))).toHaveLength(0);
    });

    test('is explained as it explains itself, a row alone as in a batch', async () => {
      await using model = await learner.load(trained.modelText);
      await using explainer = await openExplainer(trained.modelText, { threads: 2 });
      const some = firstRows(task.features, 300);
      const own = await model.predictContributions(some);
      const { values, columns } = await explainer.contributions(some);
      expect({ columns, features: explainer.features }).toEqual({ columns: 5, features: 4 });
      values.forEach((value, index) => {
        expect(Math.abs(value - (own[index] ?? NaN))).toBeLessThan(10 ** -decimals);
      });
      const row = EXAMPLE_NAMES.map((_, column) => task.features.data[column * 4000 + 17] ?? NaN);
      const alone = await explainer.contributionsOfRow(Float64Array.from(row));
      expect(alone).toEqual(values.slice(17 * 5, 18 * 5));
    });

    test('predicts nothing for no rows', async () => {
      await using model = await learner.load(trained.modelText);
      expect(await model.predictRaw(sharedMatrix(0, 4))).toHaveLength(0);
    });

    test('learns what a missing value means', async () => {
      await using model = await learner.load(trained.modelText);
      const [missing = NaN, late = NaN] = await model.predictRaw(
        matrixOf([
          [NaN, 0, 0, 0.5],
          [990, 0, 0, 0.5],
        ]),
      );
      expect(missing).toBeGreaterThan(late);
    });

    test('scores rows of missing values, unseen and missing categories without fault', async () => {
      await using model = await learner.load(trained.modelText);
      const [unseen, far, none, high = NaN, low = NaN] = await model.predictRaw(
        matrixOf([
          [100, 0, 99, 0.5],
          [100, 0, 2e9, 0.5],
          [100, 0, NaN, 0.5],
          [100, 0, 4, 0.5],
          [100, 0, 3, 0.5],
        ]),
      );
      expect(far).toBe(unseen);
      expect(none).toBe(unseen);
      expect(high).toBeGreaterThan(low);
      const [blank] = await model.predictRaw(matrixOf([[NaN, NaN, NaN, NaN]]));
      expect(blank).toSatisfy(Number.isFinite);
    });

    test('takes weights: leaving positives out lowers the scores', async () => {
      const weights = Float32Array.from(task.labels, (label, row) => (row % 2 === 0 && label === 1 ? 0 : 1));
      const settings = { stopRows: new Uint32Array(), rounds: 40 };
      const plain = await learner.train({ ...task, ...settings });
      const weighted = await learner.train({ ...task, ...settings, weights });
      await using plainModel = await learner.load(plain.modelText);
      await using weightedModel = await learner.load(weighted.modelText);
      const plainMean = mean(await plainModel.predictRaw(task.features));
      expect(mean(await weightedModel.predictRaw(task.features))).toBeLessThan(plainMean - 0.3);
    });

    test('keeps to the directions it is given, or refuses them (HF510)', async () => {
      if (monotone === null) {
        const asked = { ...parameters, monotone_constraints: '0,1,0,0' };
        await expect(learner.train({ ...task, parameters: asked })).rejects.toMatchObject({
          code: 'HF510',
          place: { field: 'monotone_constraints' },
        });
        return;
      }
      for (const direction of [1, -1]) {
        const settings = { ...parameters, ...monotone([0, direction, 0, 0]) };
        const result = await learner.train({ ...task, parameters: settings });
        await using model = await learner.load(result.modelText);
        for (const [tenure, plan] of [
          [NaN, 1],
          [200, 3],
          [900, NaN],
        ] as const) {
          const steps = Array.from({ length: 81 }, (_, step) => [tenure, step / 20 - 2, plan, 0.5]);
          const scores = await model.predictRaw(matrixOf(steps));
          const wrong = scores.filter(
            (score, step) => direction * (score - (scores[step - 1] ?? score)) < -1e-9,
          );
          expect(wrong).toHaveLength(0);
        }
      }
    });

    test('scores infinities and numbers beyond float32', async () => {
      await using model = await learner.load(trained.modelText);
      const scores = await model.predictRaw(
        matrixOf([
          [Infinity, 0, 1, 0.5],
          [-Infinity, 0, 1, 0.5],
          [1e300, 0, 1, 0.5],
        ]),
      );
      expect([...scores].every(Number.isFinite)).toBe(true);
    });

    test('refuses another number of features (HF504)', async () => {
      await using model = await learner.load(trained.modelText);
      await expect(model.predictRaw(sharedMatrix(2, 3))).rejects.toMatchObject({ code: 'HF504' });
      await expect(
        model.predictRaw({ rows: 3, columns: 4, data: new Float64Array(8) }),
      ).rejects.toMatchObject({
        code: 'HF504',
      });
      await expect(learner.train({ ...task, featureNames: ['a', 'b'] })).rejects.toMatchObject({
        code: 'HF504',
      });
      await expect(
        learner.train({ ...task, featureNames: ['a', 'b', 'c', 'has space'] }),
      ).rejects.toMatchObject({ code: 'HF504', place: { field: 'has space' } });
    });

    test('refuses labels of one class and counts them (HF505)', async () => {
      await expect(learner.train({ ...task, labels: new Float32Array(4000) })).rejects.toMatchObject({
        code: 'HF505',
        message: 'the train rows have one class only: 0 positive, 3,000 negative',
      });
      const stopRows = task.stopRows.filter((row) => task.labels[row] === 1);
      await expect(learner.train({ ...task, stopRows })).rejects.toMatchObject({ code: 'HF505' });
    });

    test('refuses unknown labels, negative weights, rows outside the matrix and odd categories (HF207)', async () => {
      const unknown = Float32Array.from(task.labels).fill(NaN, 5, 6);
      const negative = new Float32Array(4000).fill(1).fill(-1, 5, 6);
      const odd = { ...task.features, data: Float64Array.from(task.features.data).fill(1.5, 8001, 8002) };
      const cases: Partial<TrainingTask>[] = [
        { labels: unknown },
        { weights: negative },
        { trainRows: Uint32Array.of(1, 4000) },
        { trainRows: Uint32Array.of(2, 1) },
        { labels: new Float32Array(10) },
        { features: odd },
      ];
      for (const change of cases) {
        await expect(learner.train({ ...task, ...change })).rejects.toMatchObject({ code: 'HF207' });
      }
    });

    test('refuses a parameter it does not know and names the nearest (HF103)', async () => {
      const [wrong, right] = misspelt;
      const given = { ...parameters, [wrong]: 0.1 };
      await expect(learner.train({ ...task, parameters: given })).rejects.toMatchObject({
        code: 'HF103',
        hint: `did you mean '${right}'?`,
      });
    });

    test('refuses text that is not a whole model (HF503)', async () => {
      const half = trained.modelText.slice(0, trained.modelText.length / 2);
      for (const text of ['', 'hello', '{}', half]) {
        await expect(learner.load(text)).rejects.toMatchObject({ code: 'HF503' });
      }
    });

    test('ends a training that is aborted (HF930) and goes on working', async () => {
      await expect(learner.train(task, undefined, AbortSignal.abort())).rejects.toMatchObject({
        code: 'HF930',
      });
      if (grows === 'once') return;
      const abort = new AbortController();
      const endless = { ...task, stopRows: new Uint32Array(), rounds: 1_000_000 };
      const running = learner.train(
        endless,
        () => {
          abort.abort();
        },
        abort.signal,
      );
      await expect(running).rejects.toMatchObject({ code: 'HF930' });
      expect((await learner.train(task)).modelText).toBe(trained.modelText);
    });

    test('ends running work when it is closed, and refuses more', async () => {
      const other = await open();
      const model = await other.load(trained.modelText);
      const endless = { ...task, stopRows: new Uint32Array(), rounds: 1_000_000 };
      const running = grows === 'once' ? undefined : other.train(endless);
      const outcome = running && expect(running).rejects.toMatchObject({ code: 'HF930' });
      await other[Symbol.asyncDispose]();
      await outcome;
      await expect(other.load(trained.modelText)).rejects.toMatchObject({ code: 'HF502' });
      await expect(model.predictRaw(task.features)).rejects.toMatchObject({ code: 'HF502' });
      await model[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
    });
  });
}

function firstRows({ rows, columns, data }: FeatureMatrix, count: number): FeatureMatrix {
  const matrix = sharedMatrix(count, columns);
  for (let column = 0; column < columns; column++)
    matrix.data.set(data.subarray(column * rows, column * rows + count), column * count);
  return matrix;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of (positive, negative) pairs of the given rows in which the positive has the higher score. */
function areaUnderCurve(scores: Float64Array, labels: Float32Array, rows: Uint32Array): number {
  const positives = rows.filter((row) => labels[row] === 1);
  const negatives = rows.filter((row) => labels[row] === 0);
  let wins = 0;
  for (const positive of positives) {
    for (const negative of negatives) {
      const difference = (scores[positive] ?? NaN) - (scores[negative] ?? NaN);
      wins += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
    }
  }
  return wins / (positives.length * negatives.length);
}
