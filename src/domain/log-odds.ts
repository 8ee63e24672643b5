/** Between probabilities and log-odds, kept away from 0 and 1 so that logarithms stay finite. */

/** Probabilities nearer to 0 or 1 than this count as being so far away. */
export const PROBABILITY_FLOOR = 1e-15;

/** The probability, moved to at least 1e-15 from 0 and 1. */
export function inside(probability: number): number {
  return Math.min(Math.max(probability, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);
}

/** ln(p / (1 - p)) of the probability moved inside. */
export function logOddsOf(probability: number): number {
  const moved = inside(probability);
  return Math.log(moved) - Math.log1p(-moved);
}

/** 1 / (1 + e^-x), which is 0 or 1 beyond what a number can hold. */
export const logisticOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** 1 / (1 + e^-x), moved inside. */
export const probabilityOf = (logOdds: number): number => inside(logisticOf(logOdds));

/** ln(1 + e^x) without overflow, which is -ln(1 - p) for log-odds x. */
export function softPlus(logOdds: number): number {
  return Math.max(logOdds, 0) + Math.log1p(Math.exp(-Math.abs(logOdds)));
}
