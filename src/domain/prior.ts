/** Probabilities under another base rate than they were made for. */
import { HoldfastError } from '../kernel/index.ts';
import { assertShares } from './columns.ts';
import { logisticOf, logOddsOf, probabilityOf } from './log-odds.ts';
import { assertAmount } from './options.ts';

const STEPS_AT_MOST = 200;

/**
 * Adds one constant to all log-odds so that the mean probability is `mean`: what is left after it is
 * no matter of the base rate. Throws HF207 for no rows and probabilities outside 0 to 1, HF103 for a
 * mean that is not strictly between 0 and 1.
 */
export function shiftToMean(
  probabilities: Float64Array,
  mean: number,
): { readonly constant: number; readonly probabilities: Float64Array } {
  assertShares(probabilities, 'probability');
  if (!(mean > 0 && mean < 1)) {
    throw new HoldfastError('HF103', {
      message: `the mean to shift to is ${mean}, not between 0 and 1`,
      hint: 'Give a base rate of rows of both classes.',
    });
  }
  if (probabilities.length === 0) {
    throw new HoldfastError('HF207', {
      message: 'there are no probabilities to shift',
      hint: 'Give at least one row.',
    });
  }
  const logOdds = probabilities.map(logOddsOf);
  // The mean rises with the constant; no probability is further than 35 from any other in log-odds.
  let [low, high] = [-75, 75];
  let constant = 0;
  for (let step = 0; step < STEPS_AT_MOST && high - low > 1e-14 * Math.abs(constant); step += 1) {
    let sum = 0;
    let bend = 0;
    for (const value of logOdds) {
      const probability = logisticOf(value + constant);
      sum += probability;
      bend += probability * (1 - probability);
    }
    const miss = mean * logOdds.length - sum;
    if (miss > 0) low = constant;
    else high = constant;
    const newton = constant + miss / bend;
    if (Math.abs(newton - constant) <= 1e-14 * Math.max(1, Math.abs(constant))) break;
    constant = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return { constant, probabilities: logOdds.map((value) => probabilityOf(value + constant)) };
}

/**
 * Probabilities of a learner that was trained with each positive counted `weight` times (as
 * `scale_pos_weight` does), brought back to the base rate of the rows: p / (p + w (1 - p)), from raw
 * scores by one constant. Throws HF103 for a weight that is not above 0.
 */
export function priorCorrected(rawScores: Float64Array, weight: number): Float64Array {
  assertAmount(weight, 'weight', { least: 0, above: true });
  const constant = Math.log(weight);
  return rawScores.map((score) => probabilityOf(score - constant));
}
