/** The SQL that reads a value of a file as a declared type. */
import type { Engine } from '../engine/index.ts';
import type { DateFormats } from '../pack/index.ts';
import { groupingPattern, numberPattern, type NumberStyle } from './numbers.ts';

/** Declared types of packs in the engine's spelling. A TIMESTAMP is an instant, as Delta's is. */
const ENGINE_TYPES: Readonly<Record<string, string>> = { STRING: 'VARCHAR', TIMESTAMP: 'TIMESTAMPTZ' };

/** The engine's spelling of a type that packs declare. */
export const engineType = (type: string): string => ENGINE_TYPES[type] ?? type;

export interface ValueStyle extends NumberStyle {
  /** Formats of DATE and TIMESTAMP texts, beside ISO 8601. */
  readonly dateFormats?: DateFormats | undefined;
}

/**
 * An expression that is the value of `column` (SQL) as the declared `type`, or NULL where it is none. Styles
 * are of texts only: `isText` says whether the column is one. A whole number may be written with noughts
 * after the point (`4.0`); a fraction is no whole number.
 */
export function valueCast(
  engine: Engine,
  column: string,
  type: string,
  isText: boolean,
  style: ValueStyle = {},
): string {
  const target = engineType(type);
  const cast = `try_cast(${column} AS ${target})`;
  if (!isText) return cast;
  switch (type) {
    case 'DOUBLE':
      return `try_cast(${numberText(engine, column, style)} AS ${target})`;
    case 'INTEGER':
    case 'BIGINT': {
      const text = numberText(engine, column, style);
      return `CASE WHEN contains(${text}, '.') AND try_cast(${text} AS DOUBLE) % 1 <> 0 THEN NULL ELSE try_cast(${text} AS ${target}) END`;
    }
    case 'DATE':
    case 'TIMESTAMP': {
      if (style.dateFormats === undefined) return cast;
      const formats = [style.dateFormats].flat().map((format) => engine.literal(format));
      return `coalesce(CAST(parse_timestamp(${column}, [${formats.join(', ')}]) AS ${target}), ${cast})`;
    }
    default:
      return cast;
  }
}

/** A number as SQL reads it; texts of the usual style are such already. */
function numberText(engine: Engine, column: string, style: NumberStyle): string {
  if ((style.decimal ?? '.') === '.' && style.thousands === undefined) return column;
  const literals = [numberPattern(style), groupingPattern(style), style.decimal ?? '.'];
  return `plain_number(${[column, ...literals.map((text) => engine.literal(text))].join(', ')})`;
}
