import { HoldfastError } from '../kernel/index.ts';

/** How far the sum of a row's contributions may be from its raw score. */
const TOLERANCE = 1e-6;

/**
 * Checks that the contributions of a row (one a feature, then the base) add up to its raw score. Reasons that
 * do not explain the score that was given must not reach anybody.
 *
 * @throws HF900 where they do not, or one of the numbers is none.
 */
export function checkAdditivity(contributions: Float64Array, rawScore: number, row: string): void {
  let sum = 0;
  for (const contribution of contributions) sum += contribution;
  if (Math.abs(sum - rawScore) <= TOLERANCE) return;
  throw new HoldfastError('HF900', {
    message: `the contributions of ${row} add up to ${String(sum)}, but its raw score is ${String(rawScore)}`,
    hint: 'report it with the model folder; scores without reasons are not written',
  });
}
