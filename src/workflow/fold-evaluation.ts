/** Expanding-window cross-validation over past months: the same way of training, at several points of time. */
import {
  evaluateFold,
  type FoldedHorizon,
  type FoldEvaluation,
  knownMonths,
  summarizeFolds,
} from '../backtest/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Context } from './context.ts';
import { checkDated, loadPastRows, walkFolds, warnFewer } from './folds.ts';

/** Resamples of a fold: its interval shows how far folds may differ by chance, for which few digits do. */
const FOLD_RESAMPLES = 200;

/**
 * Trains and measures the models of the newest `count` months whose outcome is known, by horizon in days; nothing
 * for a count of 0. Throws HF101 for what is no count and HF207 for a pack without dates.
 */
export async function evaluateFolds(
  context: Context,
  { folds: count, resamples }: { readonly folds: number; readonly resamples: number },
): Promise<Map<number, FoldedHorizon>> {
  if (!Number.isInteger(count) || count < 0)
    throw new HoldfastError('HF101', {
      message: `folds is ${String(count)}, not a whole number from 0 up`,
      hint: 'give the number of past months to train and measure models on, or 0 for none',
    });
  if (count === 0) return new Map();
  checkDated(
    context.pack,
    'evaluate without --folds: the test rows of an undated pack are set aside at random',
  );
  const past = await loadPastRows(context);
  const wanted = past.history.horizons.map(({ days }, horizon) => ({
    days,
    months: knownMonths(past.calendar, horizon, count),
    folds: [] as FoldEvaluation[],
  }));
  warnFewer(
    context,
    '--folds',
    count,
    wanted.map(({ days, months }) => ({ name: `${String(days)} days`, months: months.length })),
  );
  await walkFolds(context, past, {
    name: 'train and evaluate folds',
    days: [...new Set(wanted.flatMap(({ months }) => months))].sort((a, b) => a - b),
    visit: ({ fold, horizons }, day) => {
      fold.horizons.forEach((plan, index) => {
        const own = wanted[index];
        if (own?.months.includes(day) !== true) return;
        own.folds.push(
          evaluateFold(
            fold,
            plan,
            horizons.find(({ days }) => days === plan.days),
            { resamples: Math.min(resamples, FOLD_RESAMPLES), seed: context.config.learner.seed },
          ),
        );
      });
    },
  });
  return new Map(wanted.map(({ days, folds }) => [days, summarizeFolds(folds)]));
}
