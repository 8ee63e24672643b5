/** What drives a model as a whole: contributions over many rows, as plain data for a report. */
import type { FeatureMatrix } from '../learner/index.ts';
import type { FeatureEncoding } from '../model/index.ts';
import type { Pack } from '../pack/index.ts';
import type { OpenExplainer } from './contacts.ts';
import { averageRanks, correlation } from './ranks.ts';

export interface GlobalRequest {
  readonly horizonDays: number;
  readonly modelText: string;
  readonly encoding: FeatureEncoding;
  /** The contract, for labels and groups. */
  readonly features: Pack['features'];
  /** The rows to look at, in an order that does not matter for their values: the first ones are drawn. */
  readonly matrix: FeatureMatrix;
  /** A column a feature: what may be told of the rows; those of the matrix where absent. */
  readonly told?: readonly Float64Array[];
  readonly openExplainer: OpenExplainer;
}

/** The weight of one feature over the rows. */
export interface FeatureImportance {
  /** From 1, by size. */
  readonly rank: number;
  readonly feature: string;
  readonly label: string;
  readonly group: string;
  /** Mean of the contributions without their sign, log-odds. */
  readonly meanAbsolute: number;
  /** Part of the sum of all features' sizes. */
  readonly share: number;
  /**
   * Spearman correlation of value and contribution: 1 where a higher value always raises the score; null for
   * categories and where one of the two does not vary.
   */
  readonly direction: number | null;
}

/** The weight of features that are one reason together. */
export interface GroupImportance {
  readonly rank: number;
  readonly group: string;
  readonly features: readonly string[];
  /** Mean of the group's summed contributions without their sign: members that cancel out weigh nothing. */
  readonly meanAbsolute: number;
}

export interface BeeswarmPoint {
  /** Log-odds. */
  readonly contribution: number;
  /** Where the value lies among the rows, 0 lowest to 1 highest; null for categories and missing values. */
  readonly quantile: number | null;
}

/** The points of one feature; those of all features are the same rows in the same order. */
export interface BeeswarmFeature {
  readonly feature: string;
  readonly label: string;
  readonly points: readonly BeeswarmPoint[];
}

export interface GlobalExplanation {
  readonly horizonDays: number;
  readonly rows: number;
  /** Mean raw score of the training rows: what contributions are added to. */
  readonly baseValue: number;
  readonly features: readonly FeatureImportance[];
  readonly groups: readonly GroupImportance[];
  readonly beeswarm: readonly BeeswarmFeature[];
}

const BEESWARM_FEATURES = 12;
const BEESWARM_POINTS = 300;

/** Explains a model over the rows of a matrix. */
export async function explainGlobally(request: GlobalRequest): Promise<GlobalExplanation> {
  const { encoding, matrix, told, openExplainer, modelText } = request;
  await using explainer = await openExplainer(modelText);
  const { values, columns, rows } = await explainer.contributions(matrix);
  const contributionsOf = (index: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => values[row * columns + index] as number);
  const measured = encoding.features.map(({ name, type, outlierOf }, index) => {
    const contributions = contributionsOf(index);
    const contract = request.features[outlierOf ?? name];
    const missing = contract?.missing ?? [];
    const seen = told?.[index] ?? matrix.data.subarray(index * matrix.rows, (index + 1) * matrix.rows);
    const own = Float64Array.from(seen).map((value) =>
      missing.includes(value) && outlierOf === undefined ? Number.NaN : value,
    );
    const ranks = type === 'numeric' ? averageRanks(own) : undefined;
    const known = contributions.map((value, row) => (Number.isNaN(own[row]) ? Number.NaN : value));
    return {
      feature: name,
      label: outlierOf === undefined ? (contract?.label ?? name) : `${contract?.label ?? outlierOf}: outlier`,
      group: contract?.group ?? outlierOf ?? name,
      contributions,
      ranks,
      meanAbsolute: meanSize(contributions),
      direction: ranks === undefined ? null : correlation(ranks, averageRanks(known)),
    };
  });
  const total = measured.reduce((sum, { meanAbsolute }) => sum + meanAbsolute, 0);
  const ordered = [...measured].sort((a, b) => b.meanAbsolute - a.meanAbsolute);
  return {
    horizonDays: request.horizonDays,
    rows,
    baseValue: rows === 0 ? Number.NaN : (values[columns - 1] as number),
    features: ordered.map(({ feature, label, group, meanAbsolute, direction }, index) => ({
      rank: index + 1,
      feature,
      label,
      group,
      meanAbsolute,
      share: total === 0 ? 0 : meanAbsolute / total,
      direction,
    })),
    groups: groupsOf(ordered, rows),
    beeswarm: ordered.slice(0, BEESWARM_FEATURES).map(({ feature, label, contributions, ranks }) => ({
      feature,
      label,
      points: pointsOf(contributions, ranks),
    })),
  };
}

const meanSize = (contributions: Float64Array): number =>
  contributions.length === 0
    ? 0
    : contributions.reduce((sum, value) => sum + Math.abs(value), 0) / contributions.length;

function groupsOf(
  ordered: readonly { feature: string; group: string; contributions: Float64Array }[],
  rows: number,
): GroupImportance[] {
  const groups = new Map<string, { features: string[]; sums: Float64Array }>();
  for (const { feature, group, contributions } of ordered) {
    const found = groups.get(group) ?? { features: [], sums: new Float64Array(rows) };
    groups.set(group, found);
    found.features.push(feature);
    contributions.forEach((value, row) => (found.sums[row] = (found.sums[row] as number) + value));
  }
  return [...groups]
    .map(([group, { features, sums }]) => ({ group, features, meanAbsolute: meanSize(sums) }))
    .sort((a, b) => b.meanAbsolute - a.meanAbsolute)
    .map((group, index) => ({ rank: index + 1, ...group }));
}

function pointsOf(contributions: Float64Array, ranks: Float64Array | undefined): BeeswarmPoint[] {
  const known = ranks?.reduce((count, rank) => count + (Number.isNaN(rank) ? 0 : 1), 0) ?? 0;
  return Array.from(contributions.subarray(0, BEESWARM_POINTS), (contribution, row) => {
    const rank = ranks?.[row] ?? Number.NaN;
    const quantile = known > 1 ? (rank - 1) / (known - 1) : 0.5;
    return { contribution, quantile: Number.isNaN(rank) ? null : quantile };
  });
}
