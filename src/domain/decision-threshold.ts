/** The probability from which on a row counts as positive. */
import { assertShares, type Labels } from './columns.ts';
import { countGroups, emptyCounts, groupRows } from './groups.ts';
import { assertPart } from './options.ts';
import { CAMPAIGN_TERMS, type CampaignTerms } from './profit.ts';
import { topCount } from './ranking.ts';

/** By what a threshold is chosen. */
export type ThresholdRule =
  | { readonly rule: 'best_f1' }
  /** The lowest threshold from which on the precision is at least this; the most precise where none is. */
  | { readonly rule: 'precision_floor'; readonly precision: number }
  /** The lowest threshold that takes at most this share of the rows. */
  | { readonly rule: 'capacity'; readonly share: number }
  /** The highest expected profit, with the mean acceptance of the campaign. */
  | { readonly rule: 'profit'; readonly campaign?: CampaignTerms };

/**
 * Chooses the threshold among the probabilities that occur; of equally good ones the highest. Null where both
 * classes are not there. Throws HF207 for columns that are not probabilities and labels, HF103 for a rule
 * without meaning.
 */
export function chooseThreshold(
  labels: Labels,
  probabilities: Float64Array,
  rule: ThresholdRule,
): number | null {
  assertShares(probabilities, 'probability');
  const grouped = groupRows(probabilities, labels);
  const counts = emptyCounts(grouped);
  countGroups(grouped, Uint8Array.of(1), counts);
  const rows = counts.rows.at(-1) ?? 0;
  const positives = counts.positives.at(-1) ?? 0;
  if (positives === 0 || positives === rows) return null;
  const worth = worthOf(rule, rows, positives);
  let best = 0;
  let bestWorth = -Infinity;
  for (let group = 0; group < grouped.values.length; group += 1) {
    const value = worth(counts.rows[group] as number, counts.positives[group] as number);
    if (value > bestWorth) {
      best = group;
      bestWorth = value;
    }
  }
  return grouped.values[best] as number;
}

/** What taking so many rows with so many positives among them is worth. */
function worthOf(
  rule: ThresholdRule,
  rows: number,
  positives: number,
): (taken: number, found: number) => number {
  switch (rule.rule) {
    case 'best_f1':
      return (taken, found) => (2 * found) / (taken + positives);
    case 'precision_floor': {
      const { precision } = rule;
      assertPart(precision, 'precision');
      // Above the floor the more the better; below it the more precise the better, but never as good.
      return (taken, found) => (found / taken >= precision ? taken : found / taken - 1);
    }
    case 'capacity': {
      const most = topCount(rows, rule.share);
      return (taken) => (taken <= most ? taken : -taken);
    }
    case 'profit': {
      const { alpha, beta, clv, offer, contact } = rule.campaign ?? CAMPAIGN_TERMS;
      const acceptance = alpha / (alpha + beta);
      return (taken, found) =>
        found * (acceptance * (clv - offer) - contact) - (taken - found) * (offer + contact);
    }
  }
}
