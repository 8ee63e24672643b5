/**
 * What an entity is worth and what contacting it is expected to gain. Amounts are in the pack's
 * currency. An unknown value is NaN and gives NaN, never a made-up amount.
 */
import { assertSameLength } from './columns.ts';

/** What contacting costs and how offers are taken; the pack states these, often as assumptions. */
export interface ContactTerms {
  /** Spent on every contact, whatever comes of it. */
  readonly contactCost: number;
  /** Spent on every offer that is accepted. */
  readonly offerCost: number;
  /** Share of contacted entities that accept, 0 to 1. */
  readonly acceptance: number;
}

/** Expected loss: probability of leaving x value. */
export function valueAtRisk(probability: number, value: number): number {
  return probability * value;
}

/** `valueAtRisk` of columns. */
export function valuesAtRisk(probabilities: Float64Array, values: Float64Array): Float64Array {
  assertSameLength({ probabilities, values });
  return probabilities.map((probability, row) => valueAtRisk(probability, values[row] as number));
}

/** Revenue of the months that are counted, without discounting. */
export function remainingValue(monthlyRevenue: number, months: number): number {
  return monthlyRevenue * months;
}

/**
 * Expected gain of contacting an entity: `acceptance (probability x value - offerCost) - contactCost`.
 * It assumes that leavers and stayers accept alike, that an accepted offer is paid for in both
 * cases, and that a leaver who accepts stays for the whole value.
 */
export function expectedGain(
  input: { readonly probability: number; readonly value: number } & ContactTerms,
): number {
  return gainOf(input.probability, input.value, input);
}

/** `expectedGain` of columns, under one set of terms. */
export function expectedGains(
  probabilities: Float64Array,
  values: Float64Array,
  terms: ContactTerms,
): Float64Array {
  assertSameLength({ probabilities, values });
  return probabilities.map((probability, row) => gainOf(probability, values[row] as number, terms));
}

function gainOf(probability: number, value: number, terms: ContactTerms): number {
  return terms.acceptance * (valueAtRisk(probability, value) - terms.offerCost) - terms.contactCost;
}
