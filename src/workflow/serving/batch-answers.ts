/**
 * Answers to many rows at once: model after model, so that one model's trees stay in the processor's cache, and reasons
 * in other threads. The numbers are those of single rows, to the bit. Other requests get their turn in between.
 */
import { setImmediate } from 'node:timers/promises';
import { sharedMatrix } from '../../learner/index.ts';
import { answerFrom, type Answering, type JudgedRow, type RowToScore } from './answer.ts';
import { checkedContributions, contributionsOf, horizonsOf, type ServedModel } from './served-models.ts';
import type { ScoringAnswer, ScoringOptions } from './service.ts';

/** A row that can be scored. */
export interface ReadRow {
  readonly entityId: string;
  readonly row: RowToScore;
}

/** Other requests get their turn after so long. */
const SLICE_MS = 8;
/** Fewer rows are explained sooner here than in other threads. */
const ROWS_FOR_THREADS = 16;

/** Lets others have their turn where this thread was held for long enough; throws once the set is not in use any more. */
export type Pause = () => Promise<void>;

export function pauseOf(isInUse: () => boolean): Pause {
  let sliceFrom = performance.now();
  return async () => {
    if (performance.now() - sliceFrom > SLICE_MS) {
      await setImmediate();
      sliceFrom = performance.now();
    }
    if (!isInUse()) throw new SetExchanged();
  };
}

/** The set was exchanged while its rows were scored: they are to be scored again. */
export class SetExchanged extends Error {}

export async function answersTo(
  answering: Answering,
  rows: readonly ReadRow[],
  options: ScoringOptions,
  pause: Pause,
): Promise<ScoringAnswer[]> {
  const { served, tierOf, pack } = answering;
  const raw = served.models.map(() => new Float64Array(rows.length));
  for (const [place, { predictor }] of served.models.entries())
    for (const [index, { row }] of rows.entries()) {
      (raw[place] as Float64Array)[index] = predictor.predictRaw(row.values);
      await pauseSometimes(index, pause);
    }
  const scoresAt = horizonsOf(served, raw);
  const judged = rows.map((read, index): JudgedRow => ({ ...read, scores: scoresAt(index) }));
  const days = judged.map(({ scores, row }) =>
    options.reasons === false
      ? undefined
      : pack.file.tiers.ladder[tierOf({ horizons: scores, value: row.worth })]?.horizon,
  );
  const known: ReadonlyMap<number, Float64Array>[] = [];
  for (const [place, model] of served.models.entries()) {
    const asked = judged.flatMap((_row, index) =>
      options.explain === true || days[index] === model.model.horizonDays ? [index] : [],
    );
    known.push(await contributionsTo(model, place, judged, asked, pause));
  }
  const answers: ScoringAnswer[] = [];
  for (const [index, row] of judged.entries()) {
    answers.push(answerFrom(answering, row, options, (place) => known[place]?.get(index) as Float64Array));
    await pauseSometimes(index, pause);
  }
  return answers;
}

/** Looking at the clock costs as much as scoring a row. */
const pauseSometimes = (index: number, pause: Pause): Promise<void> | undefined =>
  index % 32 === 31 ? pause() : undefined;

/** Contributions of one model to the rows at some places, by these. */
async function contributionsTo(
  model: ServedModel,
  place: number,
  judged: readonly JudgedRow[],
  asked: readonly number[],
  pause: Pause,
): Promise<ReadonlyMap<number, Float64Array>> {
  const rawScore = (index: number): number => judged[index]?.scores[place]?.rawScore ?? Number.NaN;
  const valuesOf = (index: number): Float64Array => (judged[index] as JudgedRow).row.values;
  const found = new Map<number, Float64Array>();
  const { explainer } = model;
  if (explainer.contributions === undefined || asked.length < ROWS_FOR_THREADS) {
    for (const index of asked) {
      found.set(index, contributionsOf(model, valuesOf(index), rawScore(index)));
      await pause();
    }
    return found;
  }
  const matrix = sharedMatrix(asked.length, explainer.features);
  asked.forEach((index, row) => {
    valuesOf(index).forEach((value, column) => {
      matrix.data[column * asked.length + row] = value;
    });
  });
  const { values, columns } = await explainer.contributions(matrix);
  await pause();
  asked.forEach((index, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    found.set(index, checkedContributions(model, own, rawScore(index)));
  });
  return found;
}
