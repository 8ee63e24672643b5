/** What the models of a set answer right now, on rows whose answer was stored when they were trained. */
import { performance } from 'node:perf_hooks';
import { coherentProbabilities, type LoadedSet, sampleMatrix } from '../../model/index.ts';
import type { Context } from '../context.ts';

export interface ModelProbe {
  readonly days: number;
  /** Rows whose answer was stored. */
  readonly samples: number;
  /** Largest distance of a raw score from the stored one; Infinity where one is no number. */
  readonly skew: number;
}

export interface SetProbe {
  readonly models: readonly ModelProbe[];
  /** Rows that every model was asked about: the samples, and one of which nothing is known. */
  readonly smokeRows: number;
  /** What is wrong with an answer to those rows; null where each is a probability and longer horizons have no lower one. */
  readonly smokeFault: string | null;
  /** Median milliseconds that one row takes through the models of all horizons. */
  readonly singleRowMs: number;
}

/** The quickest repetitions of a single row are its cost; the slow ones are the machine's other work. */
const REPETITIONS = 51;

/** Asks every model of the set about its stored samples, and the set about all of them. */
export async function probeSet({ learner }: Pick<Context, 'learner'>, set: LoadedSet): Promise<SetProbe> {
  const [first] = set.models;
  if (first === undefined) return { models: [], smokeRows: 0, smokeFault: 'it has no models', singleRowMs: 0 };
  const samples = sampleMatrix(first);
  const smoke = withEmptyRow(samples);
  const row = { rows: 1, columns: smoke.columns, data: takeRow(smoke, 0) };
  const raw: Float64Array[] = [];
  const models: ModelProbe[] = [];
  let singleRowMs = 0;
  for (const model of set.models) {
    await using loaded = await (await learner(model.learner.name)).load(model.modelText);
    const own = await loaded.predictRaw(sampleMatrix(model));
    const distances = model.samples.map(({ raw: stored }, index) => {
      const now = own[index] ?? Number.NaN;
      return Number.isFinite(now) ? Math.abs(now - stored) : Infinity;
    });
    models.push({ days: model.horizonDays, samples: distances.length, skew: Math.max(0, ...distances) });
    raw.push(await loaded.predictRaw(smoke));
    const times: number[] = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const begun = performance.now();
      await loaded.predictRaw(row);
      times.push(performance.now() - begun);
    }
    singleRowMs += times.sort((a, b) => a - b)[Math.floor(REPETITIONS / 2)] ?? 0;
  }
  const smokeFault = faultOf(set, raw);
  return { models, smokeRows: smoke.rows, smokeFault, singleRowMs };
}

function faultOf({ models }: LoadedSet, raw: readonly Float64Array[]): string | null {
  for (const [index, scores] of raw.entries())
    if (!scores.every(Number.isFinite)) return `${models[index]?.name ?? ''} gives a score that is no number`;
  const probabilities = coherentProbabilities(
    models.map(({ calibrator }) => calibrator),
    raw,
  );
  for (const [index, values] of probabilities.entries()) {
    if (!values.every((value) => value >= 0 && value <= 1))
      return `${models[index]?.name ?? ''} gives a probability outside 0 to 1`;
    const shorter = probabilities[index - 1];
    if (shorter?.some((value, row) => value > (values[row] as number)) === true)
      return `${models[index]?.name ?? ''} gives a lower probability than the shorter horizon`;
  }
  return null;
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

const takeRow = ({ rows, columns, data }: Matrix, row: number): Float64Array =>
  Float64Array.from({ length: columns }, (_, column) => data[column * rows + row] as number);
