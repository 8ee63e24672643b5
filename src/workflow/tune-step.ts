/** The search for parameters: a study a horizon, its trials judged on folds of the rows that are not test rows. */
import path from 'node:path';
import { stringify } from 'yaml';
import type { FoldRows } from '../domain/index.ts';
import { groupDigits, hashOf, HoldfastError } from '../kernel/index.ts';
import { openAppendLog } from '../store/index.ts';
import { TRAINING_TABLE } from '../prepare/index.ts';
import { foldsToJudge, groundOf, judgeFold, judgingOf, slotsOf, type TunedRecipe } from '../train/index.ts';
import {
  type Method,
  type Point,
  runStudy,
  type Space,
  type SpaceName,
  spaceOf,
  type StudyOutcome,
  type Trial,
} from '../tune/index.ts';
import { refuseLeaks } from './audit-step.ts';
import type { Context } from './context.ts';
import type { StepOutcome } from './steps.ts';
import { loadTrainingRows } from './train-step.ts';
import { storeTuned } from './tuned-settings.ts';
import { TRIALS_TABLE, writeTrials } from './tuning-table.ts';

export interface TuneOptions {
  readonly method: Method;
  readonly space: SpaceName;
  /** Default: the learner of the pack. */
  readonly learner?: string;
  readonly trials: number;
  /** Seconds for each horizon. */
  readonly timeoutSeconds?: number;
  readonly folds?: number;
  /** Default: every horizon of the pack. */
  readonly horizonDays?: number;
}

export interface TunedHorizon {
  readonly days: number;
  readonly study: string;
  readonly method: Method;
  readonly space: string;
  readonly learner: string;
  readonly metric: string;
  readonly folds: number;
  readonly trials: number;
  readonly pruned: number;
  /** Trials that an earlier, interrupted search had made. */
  readonly resumed: number;
  readonly ended: StudyOutcome['ended'];
  readonly best: (TunedRecipe & { readonly trial: number; readonly score: number }) | null;
  /** The best as a candidate for pack.yaml; empty without one. */
  readonly yaml: string;
}

export interface TuneResult {
  readonly horizons: readonly TunedHorizon[];
  readonly table: string;
}

/** Searches for each horizon and keeps the best, for `train --tuned` to take. HF506 for a leak. */
export async function tuneStep(context: Context, options: TuneOptions): Promise<StepOutcome<TuneResult>> {
  const { pack, config, signal } = context;
  if (options.trials < 1)
    throw new HoldfastError('HF103', {
      message: `there cannot be ${String(options.trials)} trials`,
      hint: 'ask for at least one',
      place: { field: 'trials' },
    });
  await refuseLeaks(context);
  const { matrix, encoding, snapshot } = await loadTrainingRows(context);
  const folds = options.folds ?? pack.file.learner.selection.folds;
  const settings = { ...pack.file.learner, selection: { ...pack.file.learner.selection, folds } };
  const space = spaceOf(options.space, options.learner ?? settings.name);
  const horizons: TunedHorizon[] = [];
  for (const horizon of matrix.horizons) {
    if (options.horizonDays !== undefined && horizon.days !== options.horizonDays) continue;
    const parts = {
      openLearner: (name: string, slot?: number) => context.learner(name, slot),
      settings,
      threads: config.learner.threads,
      encoding,
      matrix,
      isDated: pack.file.time !== undefined,
      ...(matrix.extra[0] === undefined ? {} : { rowWeights: matrix.extra[0] }),
      ...(signal === undefined ? {} : { signal }),
    };
    const ground = groundOf(parts, horizon);
    const judging = foldsToJudge(judgingOf(parts, horizon, ground));
    const { metric } = settings.selection;
    const study = hashOf({
      pack: pack.hash,
      contract: encoding.contractHash,
      rows: snapshot?.version ?? 0,
      days: horizon.days,
      method: options.method,
      space,
      folds,
      metric,
      imbalance: settings.imbalance,
      seed: settings.seed,
      early: settings.early_stopping_rounds,
      most: settings.rounds,
    }).slice(0, 16);
    const log = openAppendLog<Trial>(path.join(config.state, 'tuning', `${study}.jsonl`));
    const before = (await log.read()).slice(0, options.trials);
    const slots = slotsOf(config.learner.threads);
    const outcome = await runStudy({
      method: options.method,
      space,
      seed: settings.seed,
      trials: options.trials,
      folds: judging.folds.length,
      before,
      ...(options.timeoutSeconds === undefined ? {} : { timeout: options.timeoutSeconds }),
      judge: (point, fold) =>
        judgeFold(ground, recipeOf(space, point, settings.rounds), judging.folds[fold] as FoldRows, {
          metric,
          slot: fold % slots,
          ...(slots > 1 ? { threads: 1 } : {}),
        }),
      keep: (trial) => log.append(trial),
      now: () => performance.now(),
      progress: context.progress,
      ...(signal === undefined ? {} : { signal }),
    });
    const best = bestRecipe(space, outcome, settings.rounds);
    const tuned = {
      days: horizon.days,
      study,
      method: options.method,
      space: space.name,
      learner: space.learner,
      metric,
      folds: judging.folds.length,
      trials: outcome.trials.length,
      pruned: outcome.trials.filter(({ status }) => status === 'pruned').length,
      resumed: before.length,
      ended: outcome.ended,
      best,
      yaml: best === null ? '' : yamlOf(best),
    };
    await writeTrials(context, tuned, outcome.trials);
    if (best !== null) {
      const { learner, parameters, rounds, trial, score } = best;
      await storeTuned(context, horizon.days, {
        study,
        packHash: pack.hash,
        trial,
        score,
        learner,
        parameters,
        rounds,
      });
    }
    horizons.push(tuned);
  }
  if (horizons.length === 0)
    throw new HoldfastError('HF101', {
      message: `the pack has no horizon of ${String(options.horizonDays)} days`,
      hint: `it has ${pack.file.horizons.join(', ')}`,
    });
  return {
    summary: `tuned on ${TRAINING_TABLE}: ${horizons.map(describe).join('; ')}`,
    result: { horizons, table: TRIALS_TABLE },
  };
}

/** A point as a recipe: `rounds` is of the task, all else the learner's own. */
function recipeOf(space: Space, { rounds = NaN, ...parameters }: Point, mostRounds: number): TunedRecipe {
  return {
    learner: space.learner,
    parameters: { ...space.fixed, ...parameters },
    rounds: Number.isNaN(rounds) ? mostRounds : Number(rounds),
  };
}

function bestRecipe(space: Space, { best }: StudyOutcome, mostRounds: number): TunedHorizon['best'] {
  if (best === undefined) return null;
  return { ...recipeOf(space, best.point, mostRounds), trial: best.trial, score: best.mean };
}

const yamlOf = ({ learner, parameters, rounds }: TunedRecipe): string =>
  stringify({ candidates: [{ name: 'tuned', learner, parameters, rounds }] }).trimEnd();

function describe({ days, best, trials, pruned, metric }: TunedHorizon): string {
  const score = best === null ? 'no trial ended' : `best ${metric} ${best.score.toFixed(4)}`;
  return `${String(days)} days ${score} in ${groupDigits(trials)} trials, ${groupDigits(pruned)} of them pruned`;
}
