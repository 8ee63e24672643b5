/** Two models on the same rows: how much better one of them is, on the whole and by segment. */
import {
  type ComparedScores,
  type ComparisonTerms,
  countPositives,
  drawDifferences,
  type DrawnDifference,
  evaluateBinary,
  type HorizonComparison,
  type MetricInterval,
  type MetricOptions,
  type SegmentComparison,
} from '../domain/index.ts';
import type { EvaluatedRows } from './evaluate.ts';
import { type LeastPart, PART_RESAMPLES, type Part, partsOf, SEGMENT_VALUES } from './segments.ts';

/** Labels and entities of the rows. */
type ComparedRows = Pick<EvaluatedRows, 'labels' | 'entities'>;

/** A model's scores of the rows, and its own decision threshold where it has one. */
export type ComparedModel = Required<Omit<ComparedScores, 'threshold'>> & Pick<ComparedScores, 'threshold'>;

export interface ComparisonRequest {
  readonly rows: ComparedRows;
  readonly challenger: ComparedModel;
  readonly champion: ComparedModel;
  readonly segments: readonly { readonly segment: string; readonly valueOf: (position: number) => string }[];
  readonly terms: ComparisonTerms;
  /** Of the whole; segments take 200 at most. */
  readonly resamples: number;
  /** The same for challenger and champion, as everything but their thresholds is. */
  readonly options: Omit<MetricOptions, 'threshold'> & { readonly seed?: number };
  readonly least: LeastPart;
}

/**
 * Compares challenger and champion on the labelled rows of a horizon by the paired bootstrap over entities. A
 * segment's values with too few rows or positives are there with the reason; of more than 20 values the rarest are
 * one part. Without rows there is a reason instead. Throws HF103 for options without meaning, among them a metric
 * that there is not, and HF207 for NaN.
 */
export function compareModels(request: ComparisonRequest): HorizonComparison | { readonly reason: string } {
  const { rows, challenger, champion, segments, terms, resamples, options, least } = request;
  if (rows.labels.length === 0) return { reason: 'not yet known' };
  const { drawn, ...difference } = differenceOf(request, resamples);
  const valueOf = ({ threshold, ...scores }: ComparedModel): number | null =>
    evaluateBinary({ ...rows, ...scores }, { ...options, ...(threshold === undefined ? {} : { threshold }) })
      .metrics[terms.metric]?.value ?? null;
  return {
    terms,
    whole: {
      rows: rows.labels.length,
      positives: countPositives(rows.labels),
      challenger: valueOf(challenger),
      champion: valueOf(champion),
      difference,
      share: shareOf({ drawn, ...difference }, (gain) =>
        terms.rule === 'better' ? gain > 0 : gain >= -terms.margin,
      ),
    },
    segments: segments.flatMap(({ segment, valueOf: read }) =>
      partsOf(rows.labels, read, { least, mostValues: SEGMENT_VALUES }).map((part) => ({
        segment,
        ...comparePart(part, request),
      })),
    ),
  };
}

function comparePart(
  { positions, reason, ...part }: Part,
  request: ComparisonRequest,
): Omit<SegmentComparison, 'segment'> {
  const said = { ...part, rows: positions.length };
  if (reason !== undefined)
    return { ...said, difference: { value: null, lower: null, upper: null, reason }, shareBehind: null };
  const { labels, entities } = request.rows;
  const taken = {
    ...request,
    rows: {
      labels: Float32Array.from(positions, (position) => labels[position] as number),
      entities: Uint32Array.from(positions, (position) => entities[position] as number),
    },
    challenger: takeModel(request.challenger, positions),
    champion: takeModel(request.champion, positions),
  };
  const { drawn, ...difference } = differenceOf(taken, Math.min(request.resamples, PART_RESAMPLES));
  const { segmentMargin } = request.terms;
  return {
    ...said,
    difference,
    shareBehind: shareOf({ drawn, ...difference }, (gain) => gain < -segmentMargin),
  };
}

/** The challenger's gain, with an interval of which each end by itself holds with the confidence of the terms. */
function differenceOf(
  { rows, challenger, champion, terms, options }: ComparisonRequest,
  resamples: number,
): DrawnDifference {
  const [differences] = drawDifferences(
    { ...rows, ...challenger, others: [champion] },
    { ...options, metrics: [terms.metric], resamples, level: 2 * terms.confidence - 1 },
  );
  return differences?.[terms.metric] as DrawnDifference;
}

/** The share of resamples of which something holds, among those with a value; null without an interval. */
function shareOf(
  { drawn, lower }: MetricInterval & Pick<DrawnDifference, 'drawn'>,
  holds: (gain: number) => boolean,
): number | null {
  return lower === null ? null : drawn.filter(holds).length / drawn.length;
}

const takeModel = (
  { rawScores, probabilities, threshold }: ComparedModel,
  positions: readonly number[],
): ComparedModel => ({
  rawScores: Float64Array.from(positions, (position) => rawScores[position] as number),
  probabilities: Float64Array.from(positions, (position) => probabilities[position] as number),
  ...(threshold === undefined ? {} : { threshold }),
});
