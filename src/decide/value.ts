import type { Engine } from '../engine/index.ts';
import type { ValueSettings } from '../pack/index.ts';

/**
 * SQL of the value that an entity brings over the months the pack states (its currency), over the alias
 * `rows` of a feature table. NULL where the revenue column is.
 */
export function remainingValueExpression(engine: Engine, value: ValueSettings): string {
  const column = `rows.${engine.identifier(value.monthly_revenue.column)}`;
  const months = String(value.months);
  if (!('by' in value.monthly_revenue)) return `CAST(${column} AS DOUBLE) * ${months}`;
  const cases = Object.entries(value.monthly_revenue.by).map(
    ([text, revenue]) => `WHEN ${engine.literal(text)} THEN ${revenue.toString()}`,
  );
  const otherwise = value.monthly_revenue.otherwise.toString();
  // The same for everybody, where nothing says what an entity pays.
  if (cases.length === 0) return `CAST(${otherwise} AS DOUBLE) * ${months}`;
  return `CAST(CASE CAST(${column} AS STRING) ${cases.join(' ')} ELSE ${otherwise} END AS DOUBLE) * ${months}`;
}

/**
 * The same of one row of feature values: NaN where the revenue column is not among them, or missing. A number is
 * looked up by its text with and without decimals, since a column of doubles prints 18 as 18.0.
 */
export function remainingValueOf(
  { monthly_revenue: revenue, months }: ValueSettings,
  features: Readonly<Record<string, unknown>>,
): number {
  const given = Object.hasOwn(features, revenue.column) ? features[revenue.column] : undefined;
  if (!('by' in revenue)) {
    const isThere = typeof given === 'number' || typeof given === 'bigint' || typeof given === 'string';
    return isThere && given !== '' ? Number(given) * months : Number.NaN;
  }
  if (given === undefined && Object.keys(revenue.by).length > 0) return Number.NaN;
  const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof given);
  const text = isPlain ? String(given) : '';
  const monthly = [text, `${text}.0`].find((name) => text !== '' && Object.hasOwn(revenue.by, name));
  return (monthly === undefined ? revenue.otherwise : (revenue.by[monthly] as number)) * months;
}
