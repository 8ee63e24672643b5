import { applyCalibrator, type Calibrator, makeCoherent } from '../domain/index.ts';

/**
 * Calibrated probabilities of several horizons, shortest first, from their raw scores on the same rows:
 * each horizon's calibrator, then the projection that makes P30 <= P60 <= P90 for every row.
 */
export function coherentProbabilities(
  calibrators: readonly Calibrator[],
  rawScores: readonly Float64Array[],
): Float64Array[] {
  const probabilities = rawScores.map((raw, index) => {
    const calibrator = calibrators[index];
    if (calibrator === undefined) throw new RangeError('a calibrator a horizon is needed');
    return applyCalibrator(calibrator, raw);
  });
  makeCoherent(probabilities);
  return probabilities;
}
