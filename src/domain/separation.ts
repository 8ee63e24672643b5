/** How far a single column tells two classes apart, in either direction and in any shape. */
import type { Labels } from './columns.ts';
import { descendingOrder } from './order.ts';
import { rankScores, rocOf } from './ranking.ts';

export interface SeparationOptions {
  /** The values are codes without an order. */
  readonly isCategorical: boolean;
  /** 0 or 1 a row: the rate of a band in one fold is tried on the other, so that rare codes cannot tell by heart. */
  readonly folds: Uint8Array;
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

/** Fewer rows of a class than these say nothing. */
const LEAST_ROWS = 20;
const BANDS = 32;
/** A band's rate is drawn towards the mean as if so many average rows were in it. */
const PRIOR_ROWS = 10;
const PURE = { rows: 30, rate: 0.98, shareOfPositives: 0.1, mostBaseRate: 0.5 } as const;

/** Measures one column; NaN stands for a missing value. */
export function separationOf(
  labels: Labels,
  values: Float64Array,
  { isCategorical, folds }: SeparationOptions,
): Separation {
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  const bands = bandsOf(values, isCategorical);
  const isMissing = Float64Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0));
  return {
    byValue: isCategorical ? null : areaAmongPresent(labels, values, missing),
    byBand: eitherWay(labels, crossFittedRates(labels, bands, folds)),
    byMissing: missing === 0 || missing === values.length ? null : eitherWay(labels, isMissing),
    missing,
    pure: purest(labels, values, bands),
  };
}

/** The area under the ROC curve in the better direction; null with too few rows of a class. */
export function eitherWay(labels: Labels, scores: Float64Array): number | null {
  const ranking = rankScores(labels, scores);
  if (Math.min(ranking.positives, ranking.rows - ranking.positives) < LEAST_ROWS) return null;
  const area = rocOf(ranking);
  return area === null ? null : Math.max(area, 1 - area);
}

function areaAmongPresent(labels: Labels, values: Float64Array, missing: number): number | null {
  if (missing === 0) return eitherWay(labels, values);
  const present: number[] = [];
  values.forEach((value, row) => {
    if (!Number.isNaN(value)) present.push(row);
  });
  return eitherWay(
    Float32Array.from(present, (row) => labels[row] as number),
    Float64Array.from(present, (row) => values[row] as number),
  );
}

/** The band of each row: a code for each category or range of values, 0 for missing ones. Equal values share a band. */
function bandsOf(values: Float64Array, isCategorical: boolean): Uint32Array {
  if (isCategorical) return Uint32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value + 1));
  const order = descendingOrder(
    Float64Array.from(values, (value) => (Number.isNaN(value) ? -Infinity : value)),
  );
  const present = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  const bands = new Uint32Array(values.length);
  let band = 0;
  let held = Infinity;
  let previous = NaN;
  for (const row of order) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (held >= present / BANDS && value !== previous) {
      band += 1;
      held = 0;
    }
    bands[row] = band;
    held += 1;
    previous = value;
  }
  return bands;
}

function crossFittedRates(labels: Labels, bands: Uint32Array, folds: Uint8Array): Float64Array {
  const bandCount = bands.reduce((most, band) => Math.max(most, band), 0) + 1;
  const rows = [new Float64Array(bandCount), new Float64Array(bandCount)];
  const hits = [new Float64Array(bandCount), new Float64Array(bandCount)];
  for (let row = 0; row < bands.length; row += 1) {
    const [fold, band] = [folds[row] as 0 | 1, bands[row] as number];
    (rows[fold] as Float64Array)[band] = ((rows[fold] as Float64Array)[band] as number) + 1;
    (hits[fold] as Float64Array)[band] =
      ((hits[fold] as Float64Array)[band] as number) + (labels[row] as number);
  }
  // One mean for both folds: bands that the other fold does not have must not tell the folds apart.
  const base = Float64Array.from(labels).reduce((total, label) => total + label, 0) / Math.max(1, labels.length);
  const rates = [0, 1].map((fold) => {
    const [size, hit] = [rows[fold] as Float64Array, hits[fold] as Float64Array];
    return size.map((count, band) => ((hit[band] as number) + base * PRIOR_ROWS) / (count + PRIOR_ROWS));
  });
  return Float64Array.from(
    bands,
    (band, row) => (rates[1 - (folds[row] as number)] as Float64Array)[band] as number,
  );
}

function purest(labels: Labels, values: Float64Array, bands: Uint32Array): PureBand | undefined {
  const found = new Map<number, { from: number; to: number; rows: number; positives: number }>();
  let positives = 0;
  for (let row = 0; row < bands.length; row += 1) {
    const value = values[row] as number;
    let band = found.get(bands[row] as number);
    if (band === undefined) {
      band = { from: value, to: value, rows: 0, positives: 0 };
      found.set(bands[row] as number, band);
    }
    band.from = Math.min(band.from, value);
    band.to = Math.max(band.to, value);
    band.rows += 1;
    band.positives += labels[row] as number;
    positives += labels[row] as number;
  }
  if (positives > labels.length * PURE.mostBaseRate) return undefined;
  const pure = [...found].filter(
    ([, band]) =>
      band.rows >= PURE.rows &&
      band.positives >= band.rows * PURE.rate &&
      band.positives >= positives * PURE.shareOfPositives,
  );
  const [most] = pure.sort(([, one], [, other]) => other.positives - one.positives);
  return most === undefined ? undefined : { isMissing: most[0] === 0, ...most[1] };
}
