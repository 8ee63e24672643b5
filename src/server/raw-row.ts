/**
 * The contract of a row as it would be delivered, by the columns of the pack's source: its checks, which name the field,
 * and the same as a JSON Schema. Texts are read as a file's would be, so that a number may come as a text; what cannot be
 * read is missing, and said in the answer.
 */
import { nearestWord } from '../kernel/index.ts';
import type { RawContract, RawFields } from '../workflow/index.ts';
import { misfit } from './error-shape.ts';
import { idOf, kindOf } from './feature-schema.ts';

/** Longest text of a field, in characters. */
const FIELD_LENGTH_AT_MOST = 1000;

/** What JSON may say for each type of a source, besides a text and null. */
const KINDS: Readonly<Record<string, 'number' | 'boolean' | undefined>> = {
  STRING: 'number',
  BIGINT: 'number',
  INTEGER: 'number',
  DOUBLE: 'number',
  BOOLEAN: 'boolean',
};

/** Reads a row of a request. @throws HF611 with the field that does not fit. */
export function readRawRow(
  { key, columns, otherColumns }: RawContract,
  row: unknown,
): { readonly entityId: string; readonly fields: RawFields } {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw misfit('', `expected an object, not ${kindOf(row)}`, `send {"${key.column}": ..., ...}`);
  }
  const given = row as Readonly<Record<string, unknown>>;
  const entityId = keyOf(given, key);
  const types = { ...columns, ...otherColumns };
  const fields: Record<string, string | number | boolean | null> = {};
  for (const [name, type] of Object.entries(types)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined && Object.hasOwn(otherColumns, name)) continue;
    fields[name] = fieldOf(name, type, value);
  }
  const unknown = Object.keys(given).find((name) => name !== key.column && !Object.hasOwn(types, name));
  if (unknown !== undefined) refuseUnknown(unknown, [key.column, ...Object.keys(types)]);
  return { entityId, fields };
}

/** The key as text; a source whose keys are whole numbers may give one as a number. */
function keyOf(given: Readonly<Record<string, unknown>>, { column, type }: RawContract['key']): string {
  const value = Object.hasOwn(given, column) ? given[column] : undefined;
  if (typeof value === 'number' && (type === 'INTEGER' || type === 'BIGINT') && Number.isInteger(value))
    return String(value);
  return idOf(given, column);
}

function fieldOf(name: string, type: string, value: unknown): string | number | boolean | null {
  if (value === undefined)
    throw misfit(name, 'the field is missing', `${name} is a ${type}: send null where it is not known`);
  if (value === null) return null;
  if (typeof value === 'string' && value.length > FIELD_LENGTH_AT_MOST)
    throw misfit(
      name,
      `the text has ${String(value.length)} characters`,
      `a field has at most ${String(FIELD_LENGTH_AT_MOST)} characters`,
    );
  if (typeof value === 'string') return value;
  const kind = KINDS[type];
  if (typeof value === kind) return value as number | boolean;
  const other = kind === undefined ? '' : kind === 'number' ? 'a number, ' : 'true or false, ';
  throw misfit(name, `${kindOf(value)} does not fit a ${type}`, `send ${other}a text or null`);
}

function refuseUnknown(name: string, known: readonly string[]): never {
  const near = nearestWord(name, known);
  throw misfit(
    name.slice(0, 256),
    'the source has no such column',
    near === undefined ? 'leave it out; GET /openapi.json lists all fields' : `is it ${near}?`,
  );
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** The same contract as a JSON Schema. */
export function rawSchema({ key, columns, otherColumns }: RawContract): JsonSchema {
  const typed = (types: Readonly<Record<string, string>>, more: string): [string, JsonSchema][] =>
    Object.entries(types).map(([name, type]) => [name, fieldSchema(type, more)]);
  const keyText = { type: 'string', minLength: 1, maxLength: 256, description: 'key of the entity' };
  const keySchema =
    key.type === 'INTEGER' || key.type === 'BIGINT' ? { anyOf: [keyText, { type: 'integer' }] } : keyText;
  return {
    description: 'A row as the source delivers it.',
    type: 'object',
    additionalProperties: false,
    required: [key.column, ...Object.keys(columns)],
    properties: Object.fromEntries([
      [key.column, keySchema],
      ...typed(columns, ''),
      ...typed(otherColumns, '; no feature is made of it, and it may be left out'),
    ]),
  };
}

function fieldSchema(type: string, more: string): JsonSchema {
  const kind = KINDS[type];
  return {
    type: [...(kind === undefined ? [] : [kind]), 'string', 'null'],
    maxLength: FIELD_LENGTH_AT_MOST,
    description: `${type}; a text is read as in a file${more}`,
  };
}
