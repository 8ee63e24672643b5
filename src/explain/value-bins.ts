/** What a feature's values look like to somebody who knows the training rows: bins with names, and draws. */
import { type EncodedFeature, type FeatureStatistics, STORED_QUANTILES } from '../model/index.ts';

export interface ValueBins {
  /** Number of the bin that a value of the matrix is in; missing values have one of their own. */
  readonly binOf: (value: number) => number;
  /** The bin of a value in words, such as `12 to 40` or `above 99`. */
  readonly describe: (value: number) => string;
  /** A value as the training rows have them, from two numbers of [0, 1). */
  readonly draw: (random: () => number) => number;
}

const MISSING_BIN = -1;

/** Bins of a feature from what the model folder stores of the training rows. */
export function valueBins(feature: EncodedFeature, statistics: FeatureStatistics | undefined): ValueBins {
  const missingShare = statistics?.missingShare ?? 0;
  const bins =
    feature.type === 'categorical'
      ? categoryBins(feature.categories, statistics?.shares)
      : numberBins(statistics?.quantiles ?? []);
  return {
    binOf: (value) => (Number.isNaN(value) ? MISSING_BIN : bins.binOf(value)),
    describe: (value) => (Number.isNaN(value) ? 'missing' : bins.describe(value)),
    draw: (random) => {
      const isMissing = random() < missingShare;
      const place = random();
      return isMissing ? Number.NaN : bins.draw(() => place);
    },
  };
}

/** Without shares (models of older versions) all categories are taken for equally common. */
function categoryBins(categories: readonly string[], shares: readonly number[] | undefined): ValueBins {
  const known = shares?.length === categories.length ? shares : categories.map(() => 1 / categories.length);
  return {
    binOf: (value) => value,
    describe: (value) => categories[value] ?? String(value),
    draw: (random) => {
      let left = random();
      const found = known.findIndex((share) => (left -= share) < 0);
      return categories.length === 0 ? Number.NaN : found < 0 ? categories.length - 1 : found;
    },
  };
}

/** A bin is what lies between two neighbours of the inner quantiles; its upper edge belongs to it. */
function numberBins(quantiles: readonly number[]): ValueBins {
  if (quantiles.length !== STORED_QUANTILES.length)
    return { binOf: () => 0, describe: String, draw: () => Number.NaN };
  const edges = [...new Set(quantiles.slice(1, -1))];
  const areWhole = quantiles.every(Number.isInteger);
  const binOf = (value: number): number => {
    const bin = edges.findIndex((edge) => value <= edge);
    return bin < 0 ? edges.length : bin;
  };
  return {
    binOf,
    describe: (value) => {
      const bin = binOf(value);
      const [below, upper] = [edges[bin - 1], edges[bin]];
      if (below === undefined) return `at most ${shown(upper)}`;
      return upper === undefined ? `above ${shown(below)}` : `above ${shown(below)}, at most ${shown(upper)}`;
    },
    draw: (random) => {
      const value = quantileAt(quantiles, random());
      return areWhole ? Math.round(value) : value;
    },
  };
}

/** The value below which a share of the training rows lies, by straight lines between the stored ones. */
function quantileAt(quantiles: readonly number[], share: number): number {
  const upper = STORED_QUANTILES.findIndex((stored) => share < stored);
  const [from, to] = [STORED_QUANTILES[upper - 1] as number, STORED_QUANTILES[upper] as number];
  const [low, high] = [quantiles[upper - 1] as number, quantiles[upper] as number];
  return low + ((high - low) * (share - from)) / (to - from);
}

let figures: Intl.NumberFormat | undefined;

function shown(value: number | undefined): string {
  if (value === undefined) return '';
  // Making a formatter takes long, and whoever only scores needs none.
  figures ??= new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
  return figures.format(value);
}
