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
