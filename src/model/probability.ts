import { applyIsotonic, type IsotonicKnots, makeCoherent } from '../domain/index.ts';

/**
 * Calibrated probabilities of several horizons, shortest first, from their raw scores on the same rows:
 * each horizon's calibrator, then the projection that makes P30 <= P60 <= P90 for every row.
 */
export function coherentProbabilities(
  calibrators: readonly IsotonicKnots[],
  rawScores: readonly Float64Array[],
): Float64Array[] {
  const probabilities = rawScores.map((raw, index) => {
    const knots = calibrators[index];
    if (knots === undefined) throw new RangeError('a calibrator a horizon is needed');
    return applyIsotonic(knots, raw);
  });
  makeCoherent(probabilities);
  return probabilities;
}
