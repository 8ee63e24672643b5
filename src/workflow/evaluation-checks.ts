/** What must be true before a model set is evaluated. */
import { outsideRead } from '../engine/index.ts';
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { LoadedSet } from '../model/index.ts';
import type { EvaluationSettings } from '../pack/index.ts';
import type { Context } from './context.ts';

const MOST_RESAMPLES = 100_000;

/** HF101 for a number of resamples that gives no interval, or that nobody waits for. */
export function checkResamples(resamples = 1000): void {
  if (resamples >= 2 && resamples <= MOST_RESAMPLES) return;
  throw new HoldfastError('HF101', {
    message: `resamples are ${String(resamples)}, not from 2 to ${groupDigits(MOST_RESAMPLES)}`,
    hint: '1000 gives ends that are steady to about two digits',
    place: { field: '--resamples' },
  });
}

/** The rule of a pack is SQL of the user's: it may read features and nothing else. */
export async function checkRule({ engine, pack }: Context): Promise<void> {
  const { rule } = pack.file.evaluation;
  if (rule === undefined) return;
  const references = await engine.references(`SELECT ${rule.score} AS score`).catch((cause: unknown) => {
    throw new HoldfastError('HF105', {
      message: `the rule's score is no SQL expression: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'write an expression over features',
      place: { field: 'evaluation.rule.score' },
      cause,
    });
  });
  const outside = outsideRead(references);
  if (outside === undefined && references.tables.length === 0) return;
  throw new HoldfastError('HF105', {
    message: `the rule's score reads ${outside === undefined ? references.tables.join(', ') : `${outside}()`}`,
    hint: 'write an expression over features, without a query in it',
    place: { field: 'evaluation.rule.score' },
  });
}

/** Models and labels belong together by their days: a pack whose horizons changed needs models of its own. */
export function checkHorizons({ set, models }: LoadedSet, horizons: readonly number[]): void {
  const trained = models.map(({ horizonDays }) => horizonDays);
  if (trained.length === horizons.length && trained.every((days, index) => days === horizons[index])) return;
  throw new HoldfastError('HF504', {
    message: `model set ${String(set.id)} has models of ${trained.join(', ')} days, the pack has ${horizons.join(', ')}`,
    hint: 'train again (holdfast run --retrain)',
  });
}

/** A score that is no number ranks nothing: as a division by zero gives it. HF105 with the rule and how many rows. */
export function checkRuleScores(
  { description, score }: NonNullable<EvaluationSettings['rule']>,
  scores: Float64Array,
): void {
  const without = scores.filter((value) => !Number.isFinite(value)).length;
  if (without === 0) return;
  throw new HoldfastError('HF105', {
    message: `the rule "${description}" gives no finite number for ${groupDigits(without)} of ${groupDigits(scores.length)} rows: ${score}`,
    hint: 'a division by zero does that: write x / nullif(y, 0); rows without a score count as 0',
    place: { field: 'evaluation.rule.score' },
  });
}
