/**
 * The risk score: the calibrated probability as it would be if leavers and stayers were equally
 * many. It is 0.5 for an entity as likely to leave as the average one, whatever the base rate.
 * It is Bayes' rule with the prior b exchanged for one half, hence what weighting positives by
 * (1-b)/b aims at.
 */
import { HoldfastError } from '../kernel/index.ts';

/** `p(1-b) / (p(1-b) + (1-p)b)`. Throws HF207 for a base rate not strictly between 0 and 1. */
export function riskScore(probability: number, baseRate: number): number {
  assertBaseRate(baseRate);
  return balance(probability, baseRate);
}

/** `riskScore` of a column of probabilities. Throws HF207 as it does. */
export function riskScores(probabilities: Float64Array, baseRate: number): Float64Array {
  assertBaseRate(baseRate);
  return probabilities.map((probability) => balance(probability, baseRate));
}

/** The probability that has this risk score, `sb / (sb + (1-s)(1-b))`. Throws HF207 as `riskScore`. */
export function probabilityOfRiskScore(score: number, baseRate: number): number {
  assertBaseRate(baseRate);
  return balance(score, 1 - baseRate);
}

function balance(probability: number, baseRate: number): number {
  const leaves = probability * (1 - baseRate);
  return leaves / (leaves + (1 - probability) * baseRate);
}

function assertBaseRate(baseRate: number): void {
  if (baseRate > 0 && baseRate < 1) return;
  throw new HoldfastError('HF207', {
    message: `base rate is ${baseRate}, so a risk score has no meaning`,
    hint: 'Train on rows of both classes, or base the tiers on the probability.',
  });
}
