/** How much better one score ranks than another on the same rows: a bootstrap of the difference. */
import { assertSameLength, type Labels } from './columns.ts';
import { countGroups, emptyCounts, groupRows, joinNegatives } from './groups.ts';
import type { MetricInterval } from './bootstrap.ts';
import { areaUnderRoc, averagePrecision } from './ranking.ts';
import { assertResampling, drawCopies, numberDensely, type Resampling, tailsOf } from './resamples.ts';

/** The metrics whose differences are measured, by their names in `metricList`. */
const MEASURES = { auc_pr: averagePrecision, auc_roc: areaUnderRoc } as const;

export type DifferenceMetric = keyof typeof MEASURES;

/** First score less the other one, a metric; positive where the first ranks better. */
export type PairedDifference = Readonly<Record<DifferenceMetric, MetricInterval>>;

interface Compared {
  readonly labels: Labels;
  /** Any number an entity. */
  readonly entities: Uint32Array;
  readonly rawScores: Float64Array;
  /** Scores of the same rows that the first ones are compared with. */
  readonly others: readonly Float64Array[];
}

/**
 * The first score's metric less that of each other one, with percentile intervals of the paired
 * bootstrap (Efron and Tibshirani 1993, 8.3): both are measured on the same resamples of entities, which
 * are those of `bootstrapBinary` under the same seed, so that what makes a resample easy or hard for both
 * cancels out. No interval where a class is missing in more than a tenth of the resamples.
 * Throws HF103 for options without meaning, HF207 for NaN and for labels that are not 0 or 1.
 */
export function pairedDifferences(
  { labels, entities, rawScores, others }: Compared,
  options: Resampling = {},
): PairedDifference[] {
  const { resamples, seed, level } = assertResampling(options);
  for (const scores of others) assertSameLength({ labels, entities, rawScores, scores });
  const { count, dense } = numberDensely(entities);
  const [first, ...rest] = [rawScores, ...others].map((scores) => rankingOf(scores, labels, dense));
  if (first === undefined) return [];
  const differences = (copies: Uint8Array): number[][] => {
    const own = first(copies);
    return rest.map((ranking) => ranking(copies).map((value, metric) => (own[metric] as number) - value));
  };
  const whole = differences(new Uint8Array(Math.max(count, 1)).fill(1));
  const drawn = others.map(() => Object.keys(MEASURES).map(() => new Float64Array(resamples)));
  for (let resample = 0; resample < resamples && count > 1; resample += 1)
    differences(drawCopies(count, seed, resample)).forEach((values, other) => {
      values.forEach((value, metric) => ((drawn[other]?.[metric] as Float64Array)[resample] = value));
    });
  return others.map(
    (_, other) =>
      Object.fromEntries(
        Object.keys(MEASURES).map((name, metric) => [
          name,
          count < 2
            ? { value: null, lower: null, upper: null, reason: 'an interval needs two entities' }
            : intervalOf(whole[other]?.[metric] as number, drawn[other]?.[metric] as Float64Array, level),
        ]),
      ) as unknown as PairedDifference,
  );
}

/** The metrics of a score on the rows, each as often as its entity was drawn; NaN where a class is missing. */
function rankingOf(
  scores: Float64Array,
  labels: Labels,
  entities: Uint32Array,
): (copies: Uint8Array) => number[] {
  const groups = joinNegatives(groupRows(scores, labels, entities));
  const counts = emptyCounts(groups);
  return (copies) => {
    countGroups(groups, copies, counts);
    const positives = counts.positives.at(-1) ?? 0;
    const isOneClass = positives === 0 || positives === counts.rows.at(-1);
    return Object.values(MEASURES).map((measure) => (isOneClass ? NaN : measure(counts)));
  };
}

function intervalOf(value: number, drawn: Float64Array, level: number): MetricInterval {
  if (Number.isNaN(value))
    return { value: null, lower: null, upper: null, reason: 'the rows are of one class' };
  const tails = tailsOf(drawn, level);
  if ('reason' in tails) return { value, lower: null, upper: null, reason: tails.reason };
  return { value, lower: Math.min(value, tails.low), upper: Math.max(value, tails.high) };
}
