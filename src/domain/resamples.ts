/** What every bootstrap over entities draws with: the same seed and entities give the same resamples. */
import { HoldfastError } from '../kernel/index.ts';
import { assertCount, assertPart } from './options.ts';
import { randomNumbers } from './random.ts';

export interface Resampling {
  /** Default 1,000. */
  readonly resamples?: number;
  /** A whole number; default 1. */
  readonly seed?: number;
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number;
}

/** The ends of an interval, the lower one first. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** A figure without meaning in a larger part of the resamples has no interval. */
const MEANINGLESS_AT_MOST = 0.1;

/** The options with their defaults. Throws HF103 for those without meaning. */
export function assertResampling({
  resamples = 1000,
  seed = 1,
  level = 0.95,
}: Resampling): Required<Resampling> {
  assertCount(resamples, 'resamples', 2);
  if (!Number.isSafeInteger(seed))
    throw new HoldfastError('HF103', {
      message: `the seed is ${seed}, not a whole number`,
      hint: 'Give the seed as a whole number.',
    });
  assertPart(level, 'level');
  return { resamples, seed, level };
}

/** Numbers entities from 0 in the order of their numbers, whatever the order of rows. */
export function numberDensely(entities: Uint32Array): {
  readonly count: number;
  readonly dense: Uint32Array;
} {
  const distinct = Uint32Array.from(new Set(entities)).sort();
  const places = new Map<number, number>();
  distinct.forEach((entity, place) => places.set(entity, place));
  return {
    count: distinct.length,
    dense: entities.map((entity) => places.get(entity) as number),
  };
}

/**
 * How often each of `count` entities is drawn in `count` draws. A byte is enough: up to 255 entities
 * there are no more draws, and of more entities none is ever drawn 256 times (the chance is 1e-500).
 */
export function drawCopies(count: number, seed: number, resample: number): Uint8Array {
  const copies = new Uint8Array(count);
  const random = randomNumbers(seed, resample);
  const scale = count / 2 ** 32;
  for (let draw = 0; draw < count; draw += 1) {
    const entity = Math.floor(random() * scale);
    copies[entity] = (copies[entity] as number) + 1;
  }
  return copies;
}

/** The quantiles that leave out the tails of what was drawn (NaN where a resample has no value), or why there are none. */
export function tailsOf(
  drawn: Float64Array,
  level: number,
): { readonly low: number; readonly high: number } | { readonly reason: string } {
  const values = drawn.filter((value) => !Number.isNaN(value)).sort();
  if (values.length === 0 || values.length < drawn.length * (1 - MEANINGLESS_AT_MOST))
    return { reason: `only ${values.length} of ${drawn.length} resamples have a value` };
  const tail = (1 - level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}

/** Quantile of sorted values, linear between them. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] as number) - below);
}
