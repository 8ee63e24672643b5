import { sharedMatrix, type TrainingTask } from '../../src/learner/index.ts';

/** Uniform numbers in [0, 1) that are the same in every run (a 32-bit counter through a mixing function). */
export function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

export const EXAMPLE_NAMES = ['tenure_days', 'speed_gap', 'plan_code', 'noise'] as const;

/**
 * A training task of `rows` rows: a number with gaps, a number, a category of 12 codes and noise. A
 * missing first number doubles the odds, codes 1, 4 and 7 triple them. Each fourth row is a stop row.
 */
export function exampleTask(rows: number, changes: Partial<TrainingTask> = {}): TrainingTask {
  const next = uniformNumbers(7);
  const features = sharedMatrix(rows, EXAMPLE_NAMES.length);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const first = next() < 0.15 ? NaN : next() * 1000;
    const second = next() * 4 - 2;
    const code = Math.floor(next() * 12);
    [first, second, code, next()].forEach((value, column) => {
      features.data[column * rows + row] = value;
    });
    const logOdds =
      -1.2 +
      second +
      (Number.isNaN(first) ? Math.log(2) : (500 - first) / 500) +
      ([1, 4, 7].includes(code) ? Math.log(3) : 0);
    labels[row] = next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  }
  const indexes = Uint32Array.from({ length: rows }, (_, row) => row);
  return {
    features,
    featureNames: EXAMPLE_NAMES,
    categorical: [2],
    trainRows: indexes.filter((row) => row % 4 !== 0),
    stopRows: indexes.filter((row) => row % 4 === 0),
    labels,
    parameters: { metric: 'average_precision', num_leaves: 15, learning_rate: 0.1 },
    rounds: 200,
    earlyStoppingRounds: 20,
    seed: 42,
    threads: 1,
    ...changes,
  };
}

/** A matrix from rows, which are easier to read in a test. */
export function matrixOf(rows: readonly (readonly number[])[]): TrainingTask['features'] {
  const columns = rows[0]?.length ?? 0;
  const matrix = sharedMatrix(rows.length, columns);
  rows.forEach((values, row) => {
    values.forEach((value, column) => {
      matrix.data[column * rows.length + row] = value;
    });
  });
  return matrix;
}
