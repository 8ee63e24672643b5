/** Uncertainty of metrics: the bootstrap over entities (Efron 1979; Davison and Hinkley 1997, 3.8). */
import { HoldfastError } from '../kernel/index.ts';
import { type BinaryEvaluation, evaluationOf, type MetricValue, valueOf } from './evaluation.ts';
import { type Figure, type Measurement, prepareMeasuring, type ScoredColumns } from './measure.ts';
import { type Metric, metricList, type MetricOptions } from './metrics.ts';
import { assertCount, assertPart } from './options.ts';
import { randomNumbers } from './random.ts';

/** A metric's value and the ends of its interval; null where there is none, and then with the reason. */
export interface MetricInterval extends MetricValue {
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface BootstrapOptions extends MetricOptions {
  /** Default 1,000. */
  readonly resamples?: number;
  /** A whole number; default 1. */
  readonly seed?: number;
  /** Confidence level of the intervals; default 0.95. */
  readonly level?: number;
  /** Called after each resample with how many are done. */
  readonly onResample?: (done: number) => void;
}

/** An evaluation with intervals, and how they were made. */
export interface BootstrapEvaluation extends BinaryEvaluation<MetricInterval> {
  readonly bootstrap: {
    readonly entities: number;
    readonly resamples: number;
    readonly seed: number;
    readonly level: number;
  };
}

/** A metric without meaning in a larger part of the resamples has no interval. */
const MEANINGLESS_AT_MOST = 0.1;

/**
 * Every metric with a percentile interval. A resample draws as many entities as there are, with
 * replacement, and takes all rows of each as often as it was drawn: rows of one entity are alike, so
 * that resampling rows would give intervals that are too narrow. `entities` is any number an entity.
 *
 * A distance, which noise inflates, has the basic interval of its square instead: where nothing but
 * noise is in it, the interval reaches down to 0. Where the value lies outside of the quantiles, the
 * nearer end is moved to it. One resample reads one random sequence of its own, and rows are only
 * counted: the result depends on the seed and the entities' numbers, not on the order of rows.
 * Throws what `prepareMeasuring` throws, and HF103 for options without meaning.
 */
export function bootstrapBinary(
  columns: ScoredColumns & { readonly entities: Uint32Array },
  options: BootstrapOptions = {},
): BootstrapEvaluation {
  const { resamples = 1000, seed = 1, level = 0.95, onResample } = options;
  assertCount(resamples, 'resamples', 2);
  assertSeed(seed);
  assertPart(level, 'level');
  const { count, dense } = numberDensely(columns.entities);
  const measure = prepareMeasuring(columns, options, dense);
  const whole = measure(new Uint8Array(Math.max(count, 1)).fill(1));
  const metrics = metricList(options);
  const drawn = metrics.map(() => new Float64Array(resamples));
  for (let resample = 0; resample < resamples && count > 1; resample += 1) {
    record(measure(drawCopies(count, seed, resample)), resample, drawn);
    onResample?.(resample + 1);
  }
  const intervals = whole.figures.map((figure, index) =>
    count < 2
      ? without(figure, 'an interval needs two entities')
      : intervalOf(metrics[index] as Metric, figure, drawn[index] as Float64Array, level),
  );
  return {
    ...evaluationOf(whole, intervals, options),
    bootstrap: { entities: count, resamples, seed, level },
  };
}

function assertSeed(seed: number): void {
  if (Number.isSafeInteger(seed)) return;
  throw new HoldfastError('HF103', {
    message: `the seed is ${seed}, not a whole number`,
    hint: 'Give the seed as a whole number.',
  });
}

/** Numbers entities from 0 in the order of their numbers, whatever the order of rows. */
function numberDensely(entities: Uint32Array): { count: number; dense: Uint32Array } {
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
function drawCopies(count: number, seed: number, resample: number): Uint8Array {
  const copies = new Uint8Array(count);
  const random = randomNumbers(seed, resample);
  const scale = count / 2 ** 32;
  for (let draw = 0; draw < count; draw += 1) {
    const entity = Math.floor(random() * scale);
    copies[entity] = (copies[entity] as number) + 1;
  }
  return copies;
}

function record({ figures }: Measurement, resample: number, drawn: readonly Float64Array[]): void {
  figures.forEach((figure, index) => {
    (drawn[index] as Float64Array)[resample] = typeof figure === 'number' ? figure : NaN;
  });
}

function intervalOf(metric: Metric, figure: Figure, drawn: Float64Array, level: number): MetricInterval {
  if (typeof figure === 'string') return without(figure, figure);
  const values = drawn.filter((value) => !Number.isNaN(value)).sort();
  if (values.length < drawn.length * (1 - MEANINGLESS_AT_MOST))
    return without(figure, `only ${values.length} of ${drawn.length} resamples have a value`);
  const tail = (1 - level) / 2;
  const [low, high] = [quantile(values, tail), quantile(values, 1 - tail)];
  const [lower, upper] =
    metric.inflated === true ? [mirrored(figure, high), mirrored(figure, low)] : [low, high];
  return { value: figure, lower: Math.min(figure, lower), upper: Math.max(figure, upper) };
}

/**
 * The end of the interval of a distance. Noise adds to the square of a distance, in a resample a second
 * time; so that as much as the square has grown from sample to resample is taken off the sample's.
 */
const mirrored = (figure: number, drawn: number): number =>
  Math.sqrt(Math.max(0, 2 * figure * figure - drawn * drawn));

const without = (figure: Figure, reason: string): MetricInterval => ({
  ...valueOf(figure),
  lower: null,
  upper: null,
  reason,
});

/** Quantile of sorted values, linear between them. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  return below + (place - Math.floor(place)) * ((sorted[Math.ceil(place)] as number) - below);
}
