/** A search: trials one after the other, each judged fold by fold, kept as it ends. */
import { HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import { type Method, type PastTrial, pointOf } from './samplers.ts';
import type { Point, Space } from './space.ts';

/** A trial as it ended. */
export interface Trial {
  readonly trial: number;
  readonly point: Point;
  /** The metric on each fold that was judged, in their order. */
  readonly folds: readonly number[];
  /** Trees kept on each of them. */
  readonly trees: readonly number[];
  /** Over the folds; of a pruned trial what it would be if it kept its distance to the trial it could not reach. */
  readonly mean: number;
  readonly status: 'done' | 'pruned';
  readonly seconds: number;
}

export interface JudgedPoint {
  readonly metric: number;
  readonly trees: number;
}

export interface StudyParts {
  readonly method: Method;
  readonly space: Space;
  readonly seed: number;
  /** Most trials; a grid ends when it is done. */
  readonly trials: number;
  /** Seconds after which no further trial begins; undefined: no limit. */
  readonly timeout?: number;
  readonly folds: number;
  /** Trials of this study that ended before it was interrupted, in their order. */
  readonly before: readonly Trial[];
  /** Judges a point on one fold. */
  readonly judge: (point: Point, fold: number) => Promise<JudgedPoint>;
  /** Keeps a trial that ended, before the next one begins. */
  readonly keep: (trial: Trial) => Promise<void>;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface StudyOutcome {
  readonly trials: readonly Trial[];
  /** The finished trial with the highest mean; undefined without any. */
  readonly best: Trial | undefined;
  readonly ended: 'trials' | 'grid' | 'timeout';
}

/**
 * Goes on with a study to its end. A trial is given up between folds when it is hopeless (`isHopeless`). HF930 where
 * it is interrupted; what ended is kept.
 */
export async function runStudy(parts: StudyParts): Promise<StudyOutcome> {
  const { method, space, seed } = parts;
  const started = parts.now();
  const trials = [...parts.before];
  const task = (parts.progress ?? silentProgress).start('tune', { total: parts.trials, unit: 'trials' });
  task.update(trials.length);
  let ended: StudyOutcome['ended'] = 'trials';
  while (trials.length < parts.trials) {
    if (parts.signal?.aborted === true)
      throw new HoldfastError('HF930', {
        message: 'tuning was interrupted',
        hint: 'run the command again: it goes on with the trial that was not over',
      });
    if (parts.timeout !== undefined && (parts.now() - started) / 1000 >= parts.timeout) {
      ended = 'timeout';
      break;
    }
    const past: PastTrial[] = trials.map(({ point, mean }) => ({ point, score: mean }));
    const point = pointOf(method, space, { seed, trial: trials.length, past });
    if (point === null) {
      ended = 'grid';
      break;
    }
    const trial = await judgeTrial(parts, point, trials);
    await parts.keep(trial);
    trials.push(trial);
    task.update(trials.length);
    const best = bestOf(trials);
    if (best?.trial === trial.trial)
      parts.progress?.info(`trial ${String(trial.trial)}: ${trial.mean.toFixed(4)} is the best so far`);
  }
  const best = bestOf(trials);
  task.done(
    best === undefined ? 'no trial ended' : `best ${best.mean.toFixed(4)} in trial ${String(best.trial)}`,
  );
  return { trials, best, ended };
}

/** The finished trial with the highest mean, the earliest of equals. */
export function bestOf(trials: readonly Trial[]): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials)
    if (trial.status === 'done' && (best === undefined || trial.mean > best.mean)) best = trial;
  return best;
}

/** Folds that are judged side by side. */
const FOLDS_AT_ONCE = 2;

async function judgeTrial(parts: StudyParts, point: Point, before: readonly Trial[]): Promise<Trial> {
  const started = parts.now();
  const judged: JudgedPoint[] = [];
  const best = bestOf(before);
  const finished = before.filter(({ status }) => status === 'done');
  // Pairs on every machine, so that what is pruned depends neither on its threads nor on their speed.
  while (judged.length < parts.folds) {
    const group = Array.from(
      { length: Math.min(FOLDS_AT_ONCE, parts.folds - judged.length) },
      (_, index) => judged.length + index,
    );
    judged.push(...(await Promise.all(group.map((fold) => parts.judge(point, fold)))));
    const metrics = judged.map(({ metric }) => metric);
    if (best !== undefined && isHopeless(metrics, best.folds, finished)) break;
  }
  const folds = judged.map(({ metric }) => metric);
  const isDone = folds.length === parts.folds;
  const reached = best?.folds ?? folds;
  return {
    trial: before.length,
    point,
    folds,
    trees: judged.map(({ trees }) => trees),
    mean: isDone ? meanOf(folds) : meanOf(reached) + meanOf(folds) - meanOf(reached.slice(0, folds.length)),
    status: isDone ? 'done' : 'pruned',
    seconds: (parts.now() - started) / 1000,
  };
}

/** Trials to finish before any is pruned, and how sure a trial must be to miss. */
const LEAST_FINISHED = 5;
const STANDARD_ERRORS = 4;

/**
 * Whether a trial will not come to be better than the best one: after at least two folds its mean difference to the
 * best lies more than four standard errors of what the folds to come can change below 0. How much differences vary
 * from fold to fold is taken from the trials that were finished.
 */
export function isHopeless(
  folds: readonly number[],
  best: readonly number[],
  finished: readonly { readonly folds: readonly number[] }[],
): boolean {
  const left = best.length - folds.length;
  if (left <= 0 || folds.length < 2 || finished.length < LEAST_FINISHED) return false;
  const difference = meanOf(folds.map((value, fold) => value - (best[fold] as number)));
  const error =
    (left / best.length) * deviationOfDifferences(best, finished) * Math.sqrt(1 / folds.length + 1 / left);
  return difference + STANDARD_ERRORS * error < 0;
}

/** Pooled standard deviation, within trials, of the differences to the best trial on the same folds. */
function deviationOfDifferences(
  best: readonly number[],
  finished: readonly { readonly folds: readonly number[] }[],
): number {
  let squares = 0;
  let degrees = 0;
  for (const { folds } of finished) {
    const differences = folds.map((value, fold) => value - (best[fold] as number));
    // The best trial itself differs by nothing, which says nothing.
    if (differences.every((difference) => difference === 0)) continue;
    const center = meanOf(differences);
    squares += differences.reduce((sum, difference) => sum + (difference - center) ** 2, 0);
    degrees += differences.length - 1;
  }
  return degrees === 0 ? Infinity : Math.sqrt(squares / degrees);
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
