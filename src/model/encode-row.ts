import { HoldfastError, nearestWord } from '../kernel/index.ts';
import { cleanedValue, outlierFlag, toldValue } from './cleaning.ts';
import type { EncodedFeature, FeatureEncoding } from './encoding.ts';

/** A row's values by feature; null stands for a missing one. */
export type FeatureValues = Readonly<Record<string, unknown>>;

/** A row as the learner sees it, with what may be told of it; both in the order of the encoding. */
export interface EncodedRow {
  /** NaN for missing. */
  readonly values: Float64Array;
  /** NaN where nothing may be told. */
  readonly told: Float64Array;
  /** Features whose category no training row had. */
  readonly unseen: readonly string[];
}

/**
 * Encodes one row of feature values as `matrixSelect` encodes it from a table, to the bit: one double a feature of
 * the encoding, NaN for missing. Features that the model left out need no value.
 *
 * A number may come as number, bigint, boolean or as decimal text; a category as text, or as the number or boolean
 * that a table has. HF504 names a feature that is not there at all, and one whose value is of another kind.
 */
export const encodeRow = (encoding: FeatureEncoding, values: FeatureValues): Float64Array =>
  encodeAndTell(encoding, values).values;

/** `encodeRow` with what may be told of the row. Throws as it does. */
export function encodeAndTell(encoding: FeatureEncoding, values: FeatureValues): EncodedRow {
  const { features } = encoding;
  const told = new Float64Array(features.length);
  let unseen: readonly string[] = [];
  for (let index = 0; index < features.length; index += 1) {
    const feature = features[index] as EncodedFeature;
    if (feature.outlierOf !== undefined) continue;
    const plain = plainValue(feature, values);
    if (feature.type === 'categorical' && Number.isNaN(plain) && values[feature.name] !== null)
      unseen = [...unseen, feature.name];
    told[index] = toldValue(feature.cleaning, plain);
  }
  return { ...cleanTold(encoding, told), unseen };
}

/**
 * What the learner sees of a row of which that may be told; flags of outliers are written to both. `told` is taken over
 * as it is.
 */
export function cleanTold({ features }: FeatureEncoding, told: Float64Array): Omit<EncodedRow, 'unseen'> {
  const values = new Float64Array(features.length);
  for (let index = 0; index < features.length; index += 1) {
    const { cleaning, outlierOf } = features[index] as EncodedFeature;
    const value = told[index] as number;
    if (outlierOf === undefined) {
      values[index] = cleaning === undefined ? value : cleanedValue(cleaning, value);
      continue;
    }
    const flagged = features.findIndex(({ name }) => name === outlierOf);
    const rule = features[flagged]?.cleaning;
    const flag = rule === undefined ? 0 : outlierFlag(rule, told[flagged] as number);
    values[index] = flag;
    told[index] = flag;
  }
  return { values, told };
}

function plainValue({ name, type, categories }: EncodedFeature, values: FeatureValues): number {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw absent(name, Object.keys(values));
  if (value === null) return Number.NaN;
  return type === 'numeric' ? numberOf(name, value) : codeOf(name, value, categories);
}

/** Decimals and whole numbers, with or without an exponent: no blanks, no hexadecimal, not the empty text. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberOf(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && DECIMAL.test(value)) return Number(value);
  throw misfit(name, 'a number', value);
}

/** A category never seen in training has no code: it is missing. */
function codeOf(name: string, value: unknown, categories: readonly string[]): number {
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
        ? String(value)
        : undefined;
  if (text === undefined) throw misfit(name, 'a text', value);
  const code = categories.indexOf(text);
  // A column of doubles prints 18 as 18.0.
  const place = code < 0 && Number.isInteger(value) ? categories.indexOf(`${text}.0`) : code;
  return place < 0 ? Number.NaN : place;
}

function absent(name: string, given: readonly string[]): HoldfastError {
  const near = nearestWord(name, given);
  return new HoldfastError('HF504', {
    message: `the feature ${name} is not there`,
    hint:
      near === undefined
        ? 'give every feature of the model, null where its value is not known'
        : `is it ${near}? every feature of the model must be there, null where its value is not known`,
    place: { field: name },
  });
}

function misfit(name: string, expected: string, value: unknown): HoldfastError {
  return new HoldfastError('HF504', {
    message: `the feature ${name} is ${expected}, but the value is ${shown(value)}`,
    hint: 'give null where the value is not known',
    place: { field: name },
  });
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : `of the kind ${typeof value}`;
