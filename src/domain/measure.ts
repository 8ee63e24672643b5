/** The values of all metrics from the counts of a sample, or of a resample of it. */
import { calibrationLine, type LineOrReason } from './calibration-line.ts';
import { assertSameLength, assertShares, type Labels } from './columns.ts';
import {
  countGroups,
  emptyCounts,
  type GroupCounts,
  type GroupedRows,
  groupRows,
  joinNegatives,
} from './groups.ts';
import {
  type Metric,
  metricList,
  type MetricOptions,
  metricSettings,
  recallName,
  topName,
} from './metrics.ts';
import { brierScore, calibrationError, type Confusion, confusionAt, logLoss } from './probability-metrics.ts';
import { expectedMaximumProfit } from './profit.ts';
import {
  areaUnderRoc,
  averagePrecision,
  distanceOfClasses,
  positivesInTop,
  precisionAtRecall,
  topCount,
} from './ranking.ts';

/** Labels, scores and probabilities of the rows that are measured. */
export interface ScoredColumns {
  readonly labels: Labels;
  /** What ranks, such as log-odds. */
  readonly rawScores: Float64Array;
  /** From 0 to 1. */
  readonly probabilities: Float64Array;
}

/** A value, or why there is none. */
export type Figure = number | string;

/** The figures of one sample. */
export interface Measurement {
  readonly rows: number;
  readonly positives: number;
  /** Null without a decision threshold. */
  readonly confusion: Confusion | null;
  /** One a metric, in the order of `metricList`. */
  readonly figures: readonly Figure[];
}

/**
 * Sorts once and returns a function that measures the rows, each as often as `copies` says of its
 * entity (without entities: of entity 0). Calls after the first start from the first one's line, so
 * that the first should be of the sample as it is. Throws HF207 for NaN, for labels that are not 0
 * or 1 and for probabilities outside 0 to 1; HF103 for options without meaning.
 */
export function prepareMeasuring(
  columns: ScoredColumns,
  options: MetricOptions,
  entities?: Uint32Array,
): (copies: Uint8Array) => Measurement {
  return prepareFigures(columns, metricList(options), options, entities);
}

/** Labels and scores of rows, with probabilities where there are any. */
export type RankedColumns = Omit<ScoredColumns, 'probabilities'> & Partial<ScoredColumns>;

/**
 * The same for some metrics only: `figures` are in the order of these. What none of them reads is not
 * counted, so that metrics of the ranking alone take a fraction of the time; a metric of
 * probabilities has a reason instead of a value where there are none.
 */
export function prepareFigures(
  { labels, rawScores, probabilities }: RankedColumns,
  metrics: readonly Metric[],
  options: MetricOptions,
  entities?: Uint32Array,
): (copies: Uint8Array) => Measurement {
  assertSameLength({ labels, rawScores, probabilities, entities });
  if (probabilities !== undefined) assertShares(probabilities, 'probability');
  const isRead = (what: Metric['reads']): boolean => metrics.some(({ reads }) => reads === what);
  const probabilityGroups =
    probabilities !== undefined && isRead('probability')
      ? groupRows(probabilities, labels, entities)
      : undefined;
  const scoreGroups =
    probabilityGroups === undefined || isRead('score')
      ? joinNegatives(groupRows(rawScores, labels, entities))
      : undefined;
  const byScore = emptyCounts(scoreGroups ?? NO_GROUPS);
  const byProbability = emptyCounts(probabilityGroups ?? NO_GROUPS);
  const values = probabilityGroups?.values ?? NO_GROUPS.values;
  const measures = measuresOf(options, values);
  const lineOf = lineFrom(values);
  const brierOf = brierScore(values);
  const { threshold } = options;
  const confusionOf =
    threshold === undefined || probabilityGroups === undefined ? null : confusionAt(values, threshold);
  return (copies) => {
    if (scoreGroups !== undefined) countGroups(scoreGroups, copies, byScore);
    if (probabilityGroups !== undefined) countGroups(probabilityGroups, copies, byProbability);
    const counts = scoreGroups === undefined ? byProbability : byScore;
    const rows = counts.rows.at(-1) ?? 0;
    const positives = counts.positives.at(-1) ?? 0;
    const oneClass = reasonOneClass(rows, positives);
    const sample: Sample = {
      rows,
      positives,
      byScore,
      byProbability,
      line: once(() => lineOf(byProbability)),
      brier: once(() => brierOf(byProbability)),
      confusion: confusionOf === null ? null : confusionOf(byProbability),
    };
    const figures = metrics.map(({ name, needs, reads }): Figure => {
      if (reads === 'probability' && probabilities === undefined) return 'there are no probabilities';
      if (rows === 0) return 'there are no rows';
      if (needs === 'both classes' && oneClass !== null) return oneClass;
      if (needs === 'positives' && positives === 0) return 'no row is positive';
      return measures.get(name)?.(sample) ?? 'the metric is not known';
    });
    return { rows, positives, confusion: sample.confusion, figures };
  };
}

const NO_GROUPS: GroupedRows = {
  values: new Float64Array(),
  ends: new Uint32Array(),
  labels: new Uint8Array(),
  entities: new Uint32Array(),
};

/** Computes at the first call, and gives that ever after. */
function once<Value>(compute: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** Counts of a sample and what several metrics share, which is computed where one of them asks for it. */
interface Sample {
  readonly rows: number;
  readonly positives: number;
  readonly byScore: GroupCounts;
  readonly byProbability: GroupCounts;
  readonly line: () => LineOrReason;
  readonly brier: () => number;
  readonly confusion: Confusion | null;
}

type Measure = (sample: Sample) => Figure;

function reasonOneClass(rows: number, positives: number): string | null {
  if (rows === 0) return 'there are no rows';
  if (positives === 0) return 'no row is positive';
  return positives === rows ? 'every row is positive' : null;
}

/** The line of the first counts exactly, and of all others near it. */
function lineFrom(probabilities: Float64Array): (counts: GroupCounts) => LineOrReason {
  const measure = calibrationLine(probabilities);
  let first: LineOrReason | undefined;
  return (counts) => {
    if (first !== undefined && 'slope' in first) return measure.near(counts, first);
    first = measure.of(counts);
    return first;
  };
}

/** The computation of each metric by its name. */
function measuresOf(options: MetricOptions, probabilities: Float64Array): ReadonlyMap<string, Measure> {
  const { shares, recall, bins, campaign } = metricSettings(options);
  const loss = logLoss(probabilities);
  const profit = expectedMaximumProfit(campaign);
  const onLine =
    (part: 'slope' | 'intercept' | 'shift'): Measure =>
    (sample) => {
      const line = sample.line();
      return 'reason' in line ? line.reason : line[part];
    };
  return new Map<string, Measure>([
    ['auc_pr', ({ byScore }) => averagePrecision(byScore)],
    ['auc_roc', ({ byScore }) => areaUnderRoc(byScore)],
    ...shares.flatMap(topMeasures),
    [recallName(recall), ({ byScore }) => precisionAtRecall(byScore, recall)],
    ['ks', ({ byScore }) => distanceOfClasses(byScore)],
    ['empc', ({ byScore }) => profit(byScore)],
    ['f1', ({ confusion }) => (confusion === null ? 'no decision threshold is set' : f1Of(confusion))],
    ['brier', ({ brier }) => brier()],
    ['brier_skill', ({ brier, rows, positives }) => skillOf(brier(), positives / rows)],
    ['log_loss', ({ byProbability }) => loss(byProbability)],
    ['calibration_slope', onLine('slope')],
    ['calibration_intercept', onLine('intercept')],
    ['calibration_in_the_large', onLine('shift')],
    ['calibration_error', ({ byProbability }) => calibrationError(probabilities, byProbability, bins)],
  ]);
}

function topMeasures(share: number): readonly [string, Measure][] {
  const found = ({ byScore, rows }: Sample): { hits: number; count: number } => {
    const count = topCount(rows, share);
    return { hits: positivesInTop(byScore, count), count };
  };
  const precision = (sample: Sample): number => {
    const { hits, count } = found(sample);
    return hits / count;
  };
  return [
    [topName('precision', share), precision],
    [topName('recall', share), (sample) => found(sample).hits / sample.positives],
    [topName('lift', share), (sample) => precision(sample) / (sample.positives / sample.rows)],
  ];
}

const f1Of = ({ truePositives, falsePositives, falseNegatives }: Confusion): number =>
  (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);

/** Against the base rate b of the same rows, whose Brier score is b (1 - b). */
const skillOf = (brier: number, baseRate: number): number => 1 - brier / (baseRate * (1 - baseRate));
