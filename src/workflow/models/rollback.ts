import { SCORES_TABLE } from '../../decide/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import { requireContract } from '../../model/index.ts';
import { previousChampion, registeredSet, requireSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { mirrorRegistry } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';

export interface RollbackResult {
  readonly champion: number;
  readonly before: number | null;
  /** The newest scores in the lake; null where nothing was scored yet. */
  readonly scores: { readonly scoreDate: string; readonly modelSet: number } | null;
  /** What that means for the scores, in words. */
  readonly consequence: string;
}

export interface RollbackOptions {
  /** Default: the champion before the present one. Only a set that was champion is one to go back to. */
  readonly to?: number;
  readonly why: string;
  readonly by?: string;
}

/**
 * Makes an earlier champion champion again. Its files are read and checked first. HF507 where there is none to go back
 * to, HF509 for a set that never was champion: that is a promotion, which the gates decide.
 */
export async function rollback(
  context: Context,
  { to, why, by = context.user }: RollbackOptions,
): Promise<StepOutcome<RollbackResult>> {
  const { registry, pack } = context;
  const state = await registry.state();
  const target = to ?? previousChampion(state);
  if (target === undefined)
    throw new HoldfastError('HF507', {
      message: 'there is no champion before the present one',
      hint: 'name the set: holdfast models rollback --to 3 --why "..."',
    });
  if (target === state.champion)
    throw new HoldfastError('HF509', {
      message: `set ${String(target)} is the champion already`,
      hint: 'holdfast models list shows the others',
    });
  const { set } = await registeredSet(registry, target);
  requireContract(set, pack);
  const event = await registry.change({ by, why }, (now) => {
    requireSet(now, target);
    if (now.champion === state.champion) return { kind: 'rolled_back', set: target };
    throw new HoldfastError('HF508', {
      message: `the champion is set ${String(now.champion)} now: it changed while this command ran`,
      hint: 'look at holdfast models history, then decide again',
    });
  });
  await mirrorRegistry(context);
  const scores = await newestScores(context);
  const consequence =
    scores === null
      ? 'nothing was scored yet'
      : scores.modelSet === target
        ? `the scores of ${scores.scoreDate} are of set ${String(target)} already`
        : `the scores and lists of ${scores.scoreDate} are still those of set ${String(scores.modelSet)}, until holdfast run --from score makes them anew`;
  return {
    summary: `set ${String(target)} is champion again, instead of set ${String(state.champion)}; ${consequence}`,
    result: { champion: target, before: event?.before.champion ?? null, scores, consequence },
  };
}

/** Which set made the newest scores, from the commit of their table. */
async function newestScores({ lake }: Context): Promise<RollbackResult['scores']> {
  if (!(await lake.exists(SCORES_TABLE))) return null;
  const { holdfast } = (await lake.snapshot(SCORES_TABLE)).info;
  const { scoreDate, modelSet } = holdfast;
  return typeof scoreDate === 'string' && typeof modelSet === 'number' ? { scoreDate, modelSet } : null;
}
