/** Sample rows: whether a model still says what it said when it was made. */
import { applyCalibrator } from '../domain/index.ts';
import type { ModelContent, SampleRow } from './content.ts';
import { encodeRow } from './encode-row.ts';

/** The sample rows as the learner sees them, in shared memory. */
export function sampleMatrix({ samples, encoding }: Pick<ModelContent, 'samples' | 'encoding'>): {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
} {
  const rows = samples.length;
  const columns = encoding.features.length;
  const data = new Float64Array(new SharedArrayBuffer(rows * columns * Float64Array.BYTES_PER_ELEMENT));
  samples.forEach(({ values }, row) => {
    values.forEach((value, column) => {
      data[column * rows + row] = value ?? Number.NaN;
    });
  });
  return { rows, columns, data };
}

/** How far a model is from what it said of its samples; 0 where it says the same to the bit. */
export interface SampleComparison {
  readonly samples: number;
  /** Samples whose raw features are not encoded to what the learner saw. */
  readonly encodedDifferently: number;
  /** Largest difference of a raw score. */
  readonly largestRawDifference: number;
  /** Largest difference of a calibrated probability. */
  readonly largestProbabilityDifference: number;
}

/** Compares `rawScores`, what a learner says of the `sampleMatrix`, and what is made of them with what is stored. HF207 for NaN. */
export function checkSamples(
  { samples, encoding, calibrator }: Pick<ModelContent, 'samples' | 'encoding' | 'calibrator'>,
  rawScores: Float64Array,
): SampleComparison {
  if (rawScores.length !== samples.length) throw new RangeError('a raw score a sample is needed');
  const probabilities = applyCalibrator(calibrator, rawScores);
  const largest = (of: (sample: SampleRow, row: number) => number): number =>
    Math.max(0, ...samples.map((sample, row) => Math.abs(of(sample, row))));
  return {
    samples: samples.length,
    encodedDifferently: samples.filter(
      ({ features, values }) => features !== undefined && !isEncodedAs(encodeRow(encoding, features), values),
    ).length,
    largestRawDifference: largest(({ raw }, row) => (rawScores[row] as number) - raw),
    largestProbabilityDifference: largest(({ probability }, row) =>
      probability === undefined ? 0 : (probabilities[row] as number) - probability,
    ),
  };
}

/** Whether an encoded row has these values; null stands for NaN, and zero has no sign. */
export function isEncodedAs(encoded: Float64Array, values: readonly (number | null)[]): boolean {
  return (
    encoded.length === values.length &&
    values.every((value, index) => (value === null ? Number.isNaN(encoded[index]) : value === encoded[index]))
  );
}
