/** How much better one score is than another on the same rows: a bootstrap of the difference. */
import { HoldfastError } from '../kernel/index.ts';
import type { MetricInterval } from './bootstrap.ts';
import { assertSameLength, type Labels } from './columns.ts';
import { type Figure, prepareFigures } from './measure.ts';
import { type Metric, metricList, type MetricOptions } from './metrics.ts';
import { assertResampling, drawCopies, numberDensely, type Resampling, tailsOf } from './resamples.ts';

/** The metrics whose differences are measured where none are named. */
const USUAL = ['auc_pr', 'auc_roc'] as const;

type UsualMetric = (typeof USUAL)[number];

/** What one way to score gives the rows. */
export interface ComparedScores {
  readonly rawScores: Float64Array;
  /** For metrics that read probabilities. */
  readonly probabilities?: Float64Array;
  /** The decision threshold on these probabilities, for F1; each way to score has its own. */
  readonly threshold?: number;
}

interface Compared extends ComparedScores {
  readonly labels: Labels;
  /** Any number an entity. */
  readonly entities: Uint32Array;
  /** Scores of the same rows that the first ones are compared with. */
  readonly others: readonly ComparedScores[];
}

export interface DifferenceOptions<Name extends string = string>
  extends Resampling, Omit<MetricOptions, 'threshold'> {
  /** Names of `metricList`; default AUC-PR and AUC-ROC. */
  readonly metrics?: readonly Name[];
}

/**
 * How much better the first is by each metric: above 0 it is the better one, whichever way the metric
 * runs. Of a metric that is best high it is the first one's value less the other's, of one that is
 * best low the other's less the first one's, and of one that is best at 0 or 1 by how much the first
 * one's value is nearer to that.
 */
export type PairedDifference<Name extends string = UsualMetric> = Readonly<Record<Name, MetricInterval>>;

/** A difference with what the resamples gave of it. */
export interface DrawnDifference extends MetricInterval {
  /** The differences of the resamples that have one, ascending. */
  readonly drawn: Float64Array;
}

/**
 * The differences with percentile intervals of the paired bootstrap (Efron and Tibshirani 1993, 8.3):
 * both are measured on the same resamples of entities, which are those of `bootstrapBinary` under the
 * same seed, so that what makes a resample easy or hard for both cancels out; noise that raises a
 * distance such as the calibration error raises it for both. No interval where a figure has no
 * meaning in more than a tenth of the resamples. Throws HF103 for options without meaning, among them
 * a metric that there is not, HF207 for NaN and for labels that are not 0 or 1.
 */
export function pairedDifferences<Name extends string = UsualMetric>(
  compared: Compared,
  options: DifferenceOptions<Name> = {},
): PairedDifference<Name>[] {
  return drawDifferences(compared, options).map(
    (differences) =>
      Object.fromEntries(
        Object.entries<DrawnDifference>(differences).map(([name, { drawn: _drawn, ...interval }]) => [
          name,
          interval,
        ]),
      ) as unknown as PairedDifference<Name>,
  );
}

/** As `pairedDifferences`, with the differences of the resamples, of which any share can be told. */
export function drawDifferences<Name extends string = UsualMetric>(
  { labels, entities, others, ...own }: Compared,
  options: DifferenceOptions<Name> = {},
): Readonly<Record<Name, DrawnDifference>>[] {
  const { resamples, seed, level } = assertResampling(options);
  for (const { rawScores } of [own, ...others]) assertSameLength({ labels, entities, rawScores });
  const metrics = namedMetrics(options.metrics ?? USUAL, options);
  const { count, dense } = numberDensely(entities);
  const [first, ...rest] = [own, ...others].map(({ threshold, ...scores }) =>
    prepareFigures(
      { labels, ...scores },
      metrics,
      { ...options, ...(threshold === undefined ? {} : { threshold }) },
      dense,
    ),
  );
  if (first === undefined) return [];
  const differences = (copies: Uint8Array): Figure[][] => {
    const { figures } = first(copies);
    return rest.map((measure) => {
      const theirs = measure(copies).figures;
      return metrics.map(({ best }, index) => gain(figures[index] as Figure, theirs[index] as Figure, best));
    });
  };
  const whole = differences(new Uint8Array(Math.max(count, 1)).fill(1));
  const drawn = others.map(() => metrics.map(() => new Float64Array(resamples)));
  for (let resample = 0; resample < resamples && count > 1; resample += 1)
    differences(drawCopies(count, seed, resample)).forEach((figures, other) => {
      figures.forEach((figure, metric) => {
        (drawn[other]?.[metric] as Float64Array)[resample] = typeof figure === 'number' ? figure : NaN;
      });
    });
  return others.map(
    (_, other) =>
      Object.fromEntries(
        metrics.map(({ name }, metric) => {
          const values = count < 2 ? new Float64Array() : (drawn[other]?.[metric] as Float64Array);
          return [name, differenceOf(whole[other]?.[metric] as Figure, values, level)];
        }),
      ) as unknown as Readonly<Record<Name, DrawnDifference>>,
  );
}

/** How much better the first figure is than the other, or why one of them is none. */
function gain(own: Figure, theirs: Figure, best: Metric['best']): Figure {
  if (typeof own === 'string') return own;
  if (typeof theirs === 'string') return theirs;
  if (best === 'highest') return own - theirs;
  if (best === 'lowest') return theirs - own;
  const target = best === 'one' ? 1 : 0;
  return Math.abs(theirs - target) - Math.abs(own - target);
}

function differenceOf(figure: Figure, all: Float64Array, level: number): DrawnDifference {
  const none = { lower: null, upper: null, drawn: new Float64Array() };
  if (all.length === 0) return { ...none, value: null, reason: 'an interval needs two entities' };
  if (typeof figure === 'string') return { ...none, value: null, reason: figure };
  const drawn = all.filter((value) => !Number.isNaN(value)).sort();
  const tails = tailsOf(all, level);
  if ('reason' in tails) return { ...none, drawn, value: figure, reason: tails.reason };
  return { value: figure, lower: Math.min(figure, tails.low), upper: Math.max(figure, tails.high), drawn };
}

function namedMetrics(names: readonly string[], options: MetricOptions): Metric[] {
  const all = metricList(options);
  return names.map((name) => {
    const found = all.find((metric) => metric.name === name);
    if (found !== undefined) return found;
    throw new HoldfastError('HF103', {
      message: `there is no metric ${name}`,
      hint: `Known are ${all.map((metric) => metric.name).join(', ')}.`,
    });
  });
}
