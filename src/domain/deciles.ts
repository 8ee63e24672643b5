/** Risk deciles with frozen edges: they say where a score lies in the sample the edges came from. */
import { HoldfastError } from '../kernel/index.ts';
import { assertNumbers } from './columns.ts';

const DECILES = 10;

/**
 * The nine inner edges of a sample of scores, rising: edge k is the smallest score that at least
 * k/10 of the sample do not exceed (the inverse distribution function, without interpolation: an
 * edge is a score of the sample, so that a rising transform of the scores changes no decile).
 * Repeated scores may repeat edges. Throws HF207 for an empty sample or scores that are not finite.
 */
export function decileEdges(scores: Float64Array): readonly number[] {
  if (scores.length === 0) {
    throw new HoldfastError('HF207', {
      message: 'there are no scores to take decile edges from',
      hint: 'Give at least one scored row.',
    });
  }
  assertNumbers(scores, 'score', { finite: true });
  const sorted = scores.slice().sort();
  const edges = Array.from({ length: DECILES - 1 }, (_, index) => {
    const rank = Math.ceil((sorted.length * (index + 1)) / DECILES);
    return sorted[rank - 1] as number;
  });
  return Object.freeze(edges);
}

/**
 * The decile of each score: one more than the number of edges below it, so 10 is the highest risk
 * and a score on an edge belongs to the lower side. Between repeated edges lies an empty decile.
 * Throws HF207 for NaN.
 */
export function assignDeciles(edges: readonly number[], scores: Float64Array): Uint8Array {
  assertNumbers(scores, 'score');
  const deciles = new Uint8Array(scores.length);
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row] as number;
    let decile = 1;
    for (const edge of edges) if (score > edge) decile += 1;
    deciles[row] = decile;
  }
  return deciles;
}
