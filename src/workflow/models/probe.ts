/** What the models of a set answer right now, on rows whose answer was stored when they were trained. */
import { performance } from 'node:perf_hooks';
import { HoldfastError } from '../../kernel/index.ts';
import {
  checkSamples,
  coherentProbabilities,
  type LoadedSet,
  sampleMatrix,
  type StoredModel,
} from '../../model/index.ts';
import { type SkewEvidence, type SmokeEvidence, smokeEvidence } from '../../registry/index.ts';
import type { Context } from '../context.ts';

export interface SetProbe {
  /** A model each, in their order in the set. */
  readonly skew: readonly SkewEvidence[];
  /** Of the stored rows, and of one of which nothing is known. */
  readonly smoke: SmokeEvidence;
  /** Sum of the median milliseconds that one row takes through each model. */
  readonly singleRowMs: number;
}

/** HF503 where a model does not answer its stored rows as in training, or the set answers with what is no probability. */
export async function requireSameAnswers(context: Pick<Context, 'learner'>, set: LoadedSet): Promise<void> {
  const { skew, smoke } = await probeSet(context, set);
  if (skew.some(({ largestDifference }) => largestDifference !== 0))
    throw new HoldfastError('HF503', { message: 'a model does not answer what it answered in training' });
  if (smoke.notFinite + smoke.outside + smoke.incoherent > 0)
    throw new HoldfastError('HF503', { message: 'a model answers with what is no probability' });
}

const REPETITIONS = 51;

/** Asks every model of the set about its stored samples, and the set about all of them. */
export async function probeSet(
  { learner }: Pick<Context, 'learner'>,
  { models }: LoadedSet,
): Promise<SetProbe> {
  const skew: SkewEvidence[] = [];
  const rawScores: Float64Array[] = [];
  let singleRowMs = 0;
  const rows = models[0] === undefined ? undefined : withEmptyRow(sampleMatrix(models[0]));
  for (const model of models) {
    await using loaded = await (await learner(model.learner.name)).load(model.modelText);
    skew.push(skewOf(model, await loaded.predictRaw(sampleMatrix(model))));
    if (rows === undefined) continue;
    rawScores.push(await loaded.predictRaw(rows));
    singleRowMs += await medianMs(() => loaded.predictRaw(firstRow(rows)));
  }
  const isNumeric = rawScores.every((scores) => scores.every(Number.isFinite));
  const calibrators = models.map(({ calibrator }) => calibrator);
  // Calibrators refuse what is no number; that it is none is what is to be said.
  const smoke = smokeEvidence(isNumeric ? coherentProbabilities(calibrators, rawScores) : rawScores);
  return { skew, smoke, singleRowMs };
}

function skewOf(model: StoredModel, rawScores: Float64Array): SkewEvidence {
  const rows = model.samples.length;
  if (!rawScores.every(Number.isFinite)) return { rows, largestDifference: null };
  const { encodedDifferently, largestRawDifference, largestProbabilityDifference } = checkSamples(
    model,
    rawScores,
  );
  const largest = Math.max(largestRawDifference, largestProbabilityDifference);
  return {
    rows,
    largestDifference: encodedDifferently > 0 || !Number.isFinite(largest) ? null : largest,
  };
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] ?? 0;
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** The matrix with a last row in which every value is missing. */
function withEmptyRow({ rows, columns, data }: Matrix): Matrix {
  const longer = new Float64Array((rows + 1) * columns).fill(Number.NaN);
  for (let column = 0; column < columns; column += 1)
    longer.set(data.subarray(column * rows, (column + 1) * rows), column * (rows + 1));
  return { rows: rows + 1, columns, data: longer };
}

const firstRow = ({ rows, columns, data }: Matrix): Matrix => ({
  rows: 1,
  columns,
  data: Float64Array.from({ length: columns }, (_, column) => data[column * rows] as number),
});
