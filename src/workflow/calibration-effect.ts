/** What the method against imbalance does to probabilities, and what the calibrator makes of it. */
import { evaluateBinary, type ScoredColumns } from '../domain/index.ts';
import type { CalibrationEffect, CalibrationFigures } from '../model/index.ts';
import { rowsOfSplits, type ScoredSet } from './scored-set.ts';

/** Measured on the test rows, or on validation where there are none of both outcomes; null where neither has any. */
export function calibrationEffect(scored: ScoredSet, horizon: number): CalibrationEffect | null {
  for (const split of ['test', 'validation'] as const) {
    const rows = rowsOfSplits(
      scored,
      horizon,
      ...(split === 'test' ? (['test'] as const) : (['stop', 'calibrate'] as const)),
    );
    const rate = Float64Array.from(rows.labels).reduce((sum, label) => sum + label, 0) / rows.labels.length;
    if (!(rate > 0 && rate < 1)) continue;
    const uncalibrated = rows.rawScores.map((score) => 1 / (1 + Math.exp(-score)));
    return {
      split,
      rows: rows.labels.length,
      rate,
      before: figuresOf({ ...rows, probabilities: uncalibrated }),
      after: figuresOf(rows),
    };
  }
  return null;
}

function figuresOf(rows: ScoredColumns): CalibrationFigures {
  const { metrics } = evaluateBinary(rows);
  return {
    meanProbability: rows.probabilities.reduce((sum, value) => sum + value, 0) / rows.labels.length,
    slope: metrics['calibration_slope']?.value ?? null,
    error: metrics['calibration_error']?.value ?? null,
  };
}
