/** Uncertainty of metrics: the bootstrap over entities (Efron 1979; Davison and Hinkley 1997, 3.8). */
import { type BinaryEvaluation, evaluationOf, type MetricValue, valueOf } from './evaluation.ts';
import { type Figure, type Measurement, prepareMeasuring, type ScoredColumns } from './measure.ts';
import { type Metric, metricList, type MetricOptions } from './metrics.ts';
import { assertResampling, drawCopies, numberDensely, type Resampling, tailsOf } from './resamples.ts';

/** A metric's value and the ends of its interval; null where there is none, and then with the reason. */
export interface MetricInterval extends MetricValue {
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface BootstrapOptions extends MetricOptions, Resampling {
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
  assertResampling({ resamples, seed, level });
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

function record({ figures }: Measurement, resample: number, drawn: readonly Float64Array[]): void {
  figures.forEach((figure, index) => {
    (drawn[index] as Float64Array)[resample] = typeof figure === 'number' ? figure : NaN;
  });
}

function intervalOf(metric: Metric, figure: Figure, drawn: Float64Array, level: number): MetricInterval {
  if (typeof figure === 'string') return without(figure, figure);
  const tails = tailsOf(drawn, level);
  if ('reason' in tails) return without(figure, tails.reason);
  const { low, high } = tails;
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
