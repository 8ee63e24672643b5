import { HoldfastError } from '../kernel/index.ts';
import type { Explainer } from '../learner/index.ts';

/** How far the sum of a row's contributions may be from its raw score. */
const TOLERANCE = 1e-6;
/**
 * Float32 keeps seven digits: what is summed in it strays by some units of the last place of the numbers that
 * are added, so that as much again is allowed for each unit of their size.
 */
const SINGLE_TOLERANCE = 1e-5;

/**
 * Checks that the contributions of a row (one a feature, then the base) add up to its raw score. Reasons that
 * do not explain the score that was given must not reach anybody.
 *
 * @throws HF900 where they do not, or one of the numbers is none.
 */
export function checkAdditivity(
  contributions: Float64Array,
  rawScore: number,
  row: string,
  precision: Explainer['precision'] = 'double',
): void {
  let sum = 0;
  let size = 0;
  for (const contribution of contributions) {
    sum += contribution;
    size += Math.abs(contribution);
  }
  const tolerance = precision === 'double' ? TOLERANCE : SINGLE_TOLERANCE * Math.max(1, size);
  if (Math.abs(sum - rawScore) <= tolerance) return;
  throw new HoldfastError('HF900', {
    message: `the contributions of ${row} add up to ${String(sum)}, but its raw score is ${String(rawScore)}`,
    hint: 'report it with the model folder; scores without reasons are not written',
  });
}
