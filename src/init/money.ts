/** What a customer pays, by the names of columns. */
import { wordsOf } from '../kernel/index.ts';

/** The currency that a name states. */
export function currencyIn(text: string): string | null {
  if (/\$|\busd\b/i.test(text)) return 'USD';
  if (/€|\beur\b/i.test(text)) return 'EUR';
  if (/£|\bgbp\b/i.test(text)) return 'GBP';
  return /\binr\b|₹/i.test(text) ? 'INR' : null;
}

/** How well a name fits what a customer pays a month: 0 for the best, null for not at all. */
export function monthlyRevenueRank(name: string): number | null {
  const words = wordsOf(name);
  const at = [
    /\bmonthly (charges?|fee|price|revenue|bill|payment|cost|premium|spend|amount|rent)\b/,
    /\b(arpu|mrr|monthly)\b/,
    /\b(charges?|revenue|price|fee|rev) (per|a|each) month\b|\bavg (monthly )?(revenue|rev|bill)\b/,
  ].findIndex((pattern) => pattern.test(words));
  return at === -1 ? null : at;
}
