/**
 * Cleaning that is fitted once, on the training rows, and applied unchanged ever after: in the SELECT that reads
 * many rows and in the function that encodes one. Both go through the same steps in the same order:
 * a number that is none, or that is impossible, is missing; an outlier is moved to its bound; what is missing
 * becomes the fitted value.
 */
import type { Engine } from '../engine/index.ts';
import type { CleaningSettings, Feature } from '../pack/index.ts';
import {
  meanOf,
  modeOf,
  outlierBounds,
  type OutlierMethod,
  quantileOf,
  storable,
} from './cleaning-statistics.ts';

/** What is done to the values of one feature; what is absent is not done. */
export interface FittedCleaning {
  /** A number outside of these is impossible, and so missing; null where that side is open. */
  readonly possible?: readonly [number | null, number | null];
  /** Numbers below or above are outliers. */
  readonly outliers?: {
    readonly method: OutlierMethod;
    readonly action: 'cap' | 'flag';
    readonly lower: number;
    readonly upper: number;
  };
  /** What a missing value becomes: a number, or the code of a category. */
  readonly missing?: { readonly rule: MissingRule; readonly value: number };
}

export type MissingRule = 'median' | 'mean' | 'mode' | 'constant';

/** The rule that the pack states for one feature. */
export interface CleaningRule {
  readonly missing: 'leave' | 'median' | 'mean' | 'mode' | { readonly constant: number | string };
  readonly drop_above: number | null;
  readonly outliers: CleaningSettings['numeric']['outliers'];
  readonly impossible: 'keep' | 'missing';
}

const LEAVE: CleaningRule = { missing: 'leave', drop_above: null, outliers: 'none', impossible: 'keep' };

/** The rule of a feature: what the pack says of it alone, else of its type, else nothing is done. */
export function cleaningRule(
  settings: CleaningSettings | undefined,
  name: string,
  type: Feature['type'],
): CleaningRule {
  if (settings === undefined) return LEAVE;
  const own = Object.entries(settings.features[name] ?? {}).filter(([, value]) => value !== undefined);
  return { ...LEAVE, ...settings[type], ...Object.fromEntries(own) };
}

/** The values of a feature on the training rows: numbers, or codes of categories; NaN where one is missing. */
export interface TrainingValues {
  readonly values: Float64Array;
  readonly range: Feature['range'];
  readonly categories: readonly string[];
}

/** What was fitted, with the share of missing values that decides whether the feature is left out. */
export interface Fit {
  readonly cleaning: FittedCleaning;
  readonly missingShare: number;
}

/** Fits the rule of one feature on its training values. */
export function fitCleaning(rule: CleaningRule, { values, range, categories }: TrainingValues): Fit {
  const possible = rule.impossible === 'missing' && range !== undefined ? range : undefined;
  const known = values.filter((value) => !Number.isNaN(value) && isPossible(possible, value));
  const sorted = known.filter(Number.isFinite).sort();
  const outliers = fittedOutliers(rule.outliers, sorted);
  const capped = outliers?.action === 'cap' ? sorted.map((value) => capTo(outliers, value)) : sorted;
  const missing = fittedMissing(rule.missing, capped, categories);
  return {
    cleaning: {
      ...(possible === undefined ? {} : { possible }),
      ...(outliers === undefined ? {} : { outliers }),
      ...(missing === undefined ? {} : { missing }),
    },
    missingShare: values.length === 0 ? 0 : (values.length - known.length) / values.length,
  };
}

function fittedOutliers(rule: CleaningRule['outliers'], sorted: Float64Array): FittedCleaning['outliers'] {
  if (rule === 'none') return undefined;
  const bounds = outlierBounds(sorted, rule.method);
  return bounds === undefined ? undefined : { ...rule, lower: bounds[0], upper: bounds[1] };
}

/** Without a known value there is nothing to take in place of a missing one. */
function fittedMissing(
  rule: CleaningRule['missing'],
  sorted: Float64Array,
  categories: readonly string[],
): FittedCleaning['missing'] {
  if (rule === 'leave') return undefined;
  if (typeof rule === 'object') {
    const { constant } = rule;
    return {
      rule: 'constant',
      value: typeof constant === 'number' ? storable(constant) : categories.indexOf(constant),
    };
  }
  if (sorted.length === 0) return undefined;
  const value =
    rule === 'median' ? quantileOf(sorted, 0.5) : rule === 'mean' ? meanOf(sorted) : modeOf(sorted);
  return { rule, value: storable(value) };
}

const isPossible = (possible: FittedCleaning['possible'], value: number): boolean =>
  possible === undefined ||
  ((possible[0] === null || value >= possible[0]) && (possible[1] === null || value <= possible[1]));

type Outliers = NonNullable<FittedCleaning['outliers']>;

const capTo = ({ lower, upper }: Outliers, value: number): number =>
  value < lower ? lower : value > upper ? upper : value;

const isOutlier = ({ lower, upper }: Outliers, value: number): boolean => value < lower || value > upper;

/** Whether values may come out other than they went in. */
export const changesValues = (cleaning: FittedCleaning | undefined): boolean =>
  cleaning !== undefined &&
  (cleaning.possible !== undefined || cleaning.missing !== undefined || cleaning.outliers?.action === 'cap');

/** What may be told of a value (NaN: nothing): the number or code itself, unless it is impossible. */
export const toldValue = (cleaning: FittedCleaning | undefined, value: number): number =>
  isPossible(cleaning?.possible, value) ? value : Number.NaN;

/** A value as the model sees it, from what may be told of it. */
export function cleanedValue({ outliers, missing }: FittedCleaning, told: number): number {
  if (Number.isNaN(told)) return missing?.value ?? told;
  return outliers?.action === 'cap' ? capTo(outliers, told) : told;
}

/** 1 where what may be told of a value is an outlier, else 0: a missing value is none. */
export const outlierFlag = ({ outliers }: FittedCleaning, told: number): number =>
  outliers !== undefined && isOutlier(outliers, told) ? 1 : 0;

/** A number of any size as SQL that reads back to the same bits. */
const double = (engine: Engine, value: number): string => `CAST(${engine.literal(String(value))} AS DOUBLE)`;

/** SQL of `toldValue` over a numeric column; NULL stands for NaN. */
export function toldNumber(engine: Engine, column: string, possible: FittedCleaning['possible']): string {
  const number = `nullif(CAST(${column} AS DOUBLE), ${double(engine, Number.NaN)})`;
  const [smallest = null, largest = null] = possible ?? [];
  const outside = [
    ...(smallest === null ? [] : [`${number} < ${double(engine, smallest)}`]),
    ...(largest === null ? [] : [`${number} > ${double(engine, largest)}`]),
  ];
  return outside.length === 0 ? number : `CASE WHEN ${outside.join(' OR ')} THEN NULL ELSE ${number} END`;
}

/** SQL of `cleanedValue` over what may be told. */
export function cleanedExpression(
  engine: Engine,
  { outliers, missing }: FittedCleaning,
  told: string,
): string {
  const capped =
    outliers?.action !== 'cap'
      ? told
      : `CASE WHEN (${told}) < ${double(engine, outliers.lower)} THEN ${double(engine, outliers.lower)} ` +
        `WHEN (${told}) > ${double(engine, outliers.upper)} THEN ${double(engine, outliers.upper)} ELSE (${told}) END`;
  return missing === undefined ? capped : `coalesce(${capped}, ${double(engine, missing.value)})`;
}

/** SQL condition of `outlierFlag` over what may be told; false for a missing value. */
export function outlierCondition(engine: Engine, { outliers }: FittedCleaning, told: string): string {
  if (outliers === undefined) return 'false';
  return (
    `coalesce((${told}) < ${double(engine, outliers.lower)} OR ` +
    `(${told}) > ${double(engine, outliers.upper)}, false)`
  );
}
