/** How far a single column tells two classes apart, in either direction and in any shape. */
import { countPositives, type Labels } from './columns.ts';
import { descendingOrder } from './order.ts';
import { areaUnderRoc } from './ranking.ts';

/** How many rows each row of a class stands for, where classes were sampled apart. */
export interface ClassWeights {
  readonly positive: number;
  readonly negative: number;
}

export interface SeparationOptions {
  /** The values are codes without an order. */
  readonly isCategorical: boolean;
  /** 0 or 1 a row: the rate of a band in one fold is tried on the other, so that rare codes cannot tell by heart. */
  readonly folds: Uint8Array;
  /** Rates are of the weighted rows; the areas do not depend on it. Default: each row for itself. */
  readonly weights?: ClassWeights;
}

/** Rows of one band of a column, or of its missing values, nearly all of which are positive. */
export interface PureBand {
  readonly isMissing: boolean;
  /** Smallest value of the band, a code for categories; NaN for missing values. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly positives: number;
}

/** Areas under the ROC curve, .5 to 1 whatever the direction; null where a class has too few rows. */
export interface Separation {
  /** By the order of the values, among rows that have one. */
  readonly byValue: number | null;
  /** By the rate of positives in bands of the values (or of each category), missing values being a band. */
  readonly byBand: number | null;
  /** By whether the value is missing. */
  readonly byMissing: number | null;
  readonly missing: number;
  readonly pure: PureBand | undefined;
}

/** Fewer rows of a class than these say nothing: there is no area. */
export const LEAST_CLASS_ROWS = 20;
const BANDS = 32;
/** A band's rate is drawn towards the mean as if so many average rows were in it. */
const PRIOR_ROWS = 10;
const PURE = { rows: 30, rate: 0.98, shareOfPositives: 0.1, mostBaseRate: 0.5 } as const;

/** Measures one column; NaN stands for a missing value. */
export function separationOf(
  labels: Labels,
  values: Float64Array,
  { isCategorical, folds, weights = { positive: 1, negative: 1 } }: SeparationOptions,
): Separation {
  const order = isCategorical ? undefined : presentOrder(values);
  const bands = order === undefined ? codesOf(values) : bandsOf(values, order);
  const missing = missingGroup(labels, values);
  const present = {
    rows: labels.length - missing.rows,
    positives: countPositives(labels) - missing.positives,
  };
  return {
    byValue: order === undefined ? null : areaOfGroups(groupsOf(labels, values, order)),
    byBand: areaOfGroups(crossFittedGroups(labels, bands, folds)),
    byMissing:
      missing.rows === 0 || present.rows === 0
        ? null
        : areaOfGroups([
            { score: 1, ...missing },
            { score: 0, ...present },
          ]),
    missing: missing.rows,
    pure: purest(labels, values, bands, weights),
  };
}

/** The area under the ROC curve in the better direction; null with too few rows of a class. */
export function eitherWay(labels: Labels, scores: Float64Array): number | null {
  return areaOfGroups(groupsOf(labels, scores, descendingOrder(scores)));
}

/** Rows of equal score. */
interface Group {
  readonly score: number;
  rows: number;
  positives: number;
}

/** Pairs of a positive and a negative that the scores put in order, ties half, in the better direction. */
function areaOfGroups(groups: readonly Group[]): number | null {
  const sorted = groups.toSorted((one, other) => other.score - one.score);
  const counts = { rows: new Float64Array(groups.length), positives: new Float64Array(groups.length) };
  let [rows, positives, last] = [0, 0, -1];
  sorted.forEach((group, index) => {
    if (group.score !== sorted[index - 1]?.score) last += 1;
    rows += group.rows;
    positives += group.positives;
    counts.rows[last] = rows;
    counts.positives[last] = positives;
  });
  if (Math.min(positives, rows - positives) < LEAST_CLASS_ROWS) return null;
  const area = areaUnderRoc({
    rows: counts.rows.subarray(0, last + 1),
    positives: counts.positives.subarray(0, last + 1),
  });
  return Math.max(area, 1 - area);
}

/** Rows in an order of their values, as groups of equal value. */
function groupsOf(labels: Labels, values: Float64Array, order: Uint32Array): Group[] {
  const groups: Group[] = [];
  let group: Group | undefined;
  for (const row of order) {
    const score = values[row] as number;
    if (group?.score !== score) {
      group = { score, rows: 0, positives: 0 };
      groups.push(group);
    }
    group.rows += 1;
    group.positives += labels[row] as number;
  }
  return groups;
}

/** Rows that have a value, from the highest to the lowest. */
function presentOrder(values: Float64Array): Uint32Array {
  const filled = Float64Array.from(values, (value) => (Number.isNaN(value) ? -Infinity : value));
  return descendingOrder(filled).filter((row) => !Number.isNaN(values[row]));
}

function missingGroup(labels: Labels, values: Float64Array): { rows: number; positives: number } {
  const group = { rows: 0, positives: 0 };
  values.forEach((value, row) => {
    if (!Number.isNaN(value)) return;
    group.rows += 1;
    group.positives += labels[row] as number;
  });
  return group;
}

/** The code of each row's category, from 1; 0 for missing ones. */
const codesOf = (values: Float64Array): Uint32Array =>
  Uint32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value + 1));

/** The band of each row, from 1, by ranges of about equally many values; 0 for missing ones. Equal values share a band. */
function bandsOf(values: Float64Array, order: Uint32Array): Uint32Array {
  const bands = new Uint32Array(values.length);
  let band = 0;
  let held = Infinity;
  let previous = NaN;
  for (const row of order) {
    const value = values[row] as number;
    if (held >= order.length / BANDS && value !== previous) {
      band += 1;
      held = 0;
    }
    bands[row] = band;
    held += 1;
    previous = value;
  }
  return bands;
}

/** Bands of each fold, scored by their rate in the other fold. */
function crossFittedGroups(labels: Labels, bands: Uint32Array, folds: Uint8Array): Group[] {
  const bandCount = bands.reduce((most, band) => Math.max(most, band), 0) + 1;
  const rows = new Float64Array(2 * bandCount);
  const hits = new Float64Array(2 * bandCount);
  for (let row = 0; row < bands.length; row += 1) {
    const cell = (folds[row] as number) * bandCount + (bands[row] as number);
    rows[cell] = (rows[cell] as number) + 1;
    hits[cell] = (hits[cell] as number) + (labels[row] as number);
  }
  // One mean for both folds: bands that the other fold does not have must not tell the folds apart.
  const base = countPositives(labels) / Math.max(1, labels.length);
  return Array.from(rows, (count, cell) => {
    const other = (cell + bandCount) % (2 * bandCount);
    const score = ((hits[other] as number) + base * PRIOR_ROWS) / ((rows[other] as number) + PRIOR_ROWS);
    return { score, rows: count, positives: hits[cell] as number };
  });
}

function purest(
  labels: Labels,
  values: Float64Array,
  bands: Uint32Array,
  weights: ClassWeights,
): PureBand | undefined {
  const found = new Map<number, { from: number; to: number; rows: number; positives: number }>();
  let positives = 0;
  let rows = 0;
  for (let row = 0; row < bands.length; row += 1) {
    const isPositive = labels[row] === 1;
    const weight = isPositive ? weights.positive : weights.negative;
    const value = values[row] as number;
    let band = found.get(bands[row] as number);
    if (band === undefined) {
      band = { from: value, to: value, rows: 0, positives: 0 };
      found.set(bands[row] as number, band);
    }
    band.from = Math.min(band.from, value);
    band.to = Math.max(band.to, value);
    band.rows += weight;
    rows += weight;
    if (!isPositive) continue;
    band.positives += weight;
    positives += weight;
  }
  if (positives > rows * PURE.mostBaseRate) return undefined;
  const pure = [...found].filter(
    ([, band]) =>
      band.rows >= PURE.rows &&
      band.positives >= band.rows * PURE.rate &&
      band.positives >= positives * PURE.shareOfPositives,
  );
  const [most] = pure.sort(([, one], [, other]) => other.positives - one.positives);
  if (most === undefined) return undefined;
  const [code, band] = most;
  return {
    ...band,
    isMissing: code === 0,
    rows: Math.round(band.rows),
    positives: Math.round(band.positives),
  };
}
