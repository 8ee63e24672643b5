/** Trials as a lake table, so that they can be looked at like any other data. */
import type { Trial } from '../tune/index.ts';
import type { Context } from './context.ts';

export const TRIALS_TABLE = 'gold.tuning_trials';

interface Study {
  readonly study: string;
  readonly days: number;
  readonly method: string;
  readonly space: string;
  readonly learner: string;
  readonly metric: string;
}

/** Writes the trials of a study, in place of those of it that were there. */
export async function writeTrials(context: Context, study: Study, trials: readonly Trial[]): Promise<void> {
  const { engine, lake, runId } = context;
  if (trials.length === 0) return;
  const text = (value: string): string => engine.literal(value);
  const rows = trials.map(
    ({ trial, status, mean, folds, trees, seconds, point }) =>
      `(${text(study.study)}, CAST(${String(study.days)} AS INTEGER), ${text(study.method)}, ${text(study.space)}, ` +
      `${text(study.learner)}, ${text(study.metric)}, CAST(${String(trial)} AS INTEGER), ${text(status)}, ` +
      `CAST(${String(mean)} AS DOUBLE), CAST(${String(folds.length)} AS INTEGER), ${text(JSON.stringify(folds))}, ` +
      `${text(JSON.stringify(trees))}, CAST(${String(seconds)} AS DOUBLE), ${text(JSON.stringify(point))})`,
  );
  const select =
    `SELECT * FROM (VALUES ${rows.join(', ')}) AS trials(study, horizon_days, method, space, learner, metric, trial, ` +
    `status, mean, folds_judged, fold_metrics, fold_trees, seconds, parameters) ORDER BY trial`;
  await lake.write(TRIALS_TABLE, select, {
    mode: 'replace-partitions',
    partitionBy: ['study'],
    partitions: [{ study: study.study }],
    description: 'Every trial of every search for parameters, with what it reached on each fold.',
    properties: { quality: 'gold', grain: 'one row a study and trial' },
    info: { runId, operation: 'TUNE', inputs: {} },
  });
}
