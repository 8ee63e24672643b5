/**
 * The contract of a request, generated from the features that the service asks for: the checks of a row, and the same
 * as a JSON Schema. The checks are made once a contract, run without a schema engine, and name the field.
 */
import type { RequestFeature, RequestValue, ScoringRequest } from '../workflow/index.ts';
import { misfit } from './error-shape.ts';

/** Longest key of an entity and longest category, in characters. */
const TEXT_LENGTH_AT_MOST = 256;

/** As JSON Schema counts, in which a letter outside of the basic plane is one. */
const lengthOf = (text: string): number => Array.from(text).length;
const isTooLong = (text: string): boolean =>
  text.length > TEXT_LENGTH_AT_MOST && lengthOf(text) > TEXT_LENGTH_AT_MOST;

/** Reads a row of a request. @throws HF611 with the field that does not fit. */
export type RowReader = (row: unknown) => ScoringRequest;

/** Makes the reader of rows with all features, or with the key alone. */
export function rowReader(idField: string, features: readonly RequestFeature[]): RowReader {
  const checks = features.map((feature) => ({
    name: feature.name,
    check: checkOf(feature),
    isOptional: feature.isUnused === true,
  }));
  const known = new Set([idField, ...features.map(({ name }) => name)]);
  return (row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw misfit('', `expected an object, not ${kindOf(row)}`, `send {"${idField}": ..., ...}`);
    }
    const given = row as Readonly<Record<string, unknown>>;
    const count = Object.keys(given).length;
    const entityId = idOf(given, idField);
    if (count === 1) return { entityId };
    const values: Record<string, RequestValue> = {};
    let absent = 0;
    for (const { name, check, isOptional } of checks) {
      const value = given[name];
      if (isOptional && !Object.hasOwn(given, name)) {
        absent += 1;
        continue;
      }
      if (value === undefined || !check(value)) refuse(given, features, name);
      values[name] = value as RequestValue;
    }
    if (count + absent !== known.size) refuseUnknown(given, known);
    return { entityId, features: values };
  };
}

/** The key of the entity. HF611 where it is missing or no text that fits. */
export function idOf(row: Readonly<Record<string, unknown>>, idField: string): string {
  const id = Object.hasOwn(row, idField) ? row[idField] : undefined;
  if (id === undefined) throw misfit(idField, 'the field is missing', 'send the key of the entity as a text');
  if (typeof id !== 'string') {
    throw misfit(idField, `expected a text, not ${kindOf(id)}`, 'put the key into double quotes');
  }
  return requireId(id, idField);
}

/** The key of an entity as it stands in `field`. HF611 where it is too long, or empty. */
export function requireId(id: string, field: string): string {
  if (id !== '' && !isTooLong(id)) return id;
  throw misfit(field, lengthText(id), `a key has 1 to ${String(TEXT_LENGTH_AT_MOST)} characters`);
}

/** Whether a value fits, and nothing else: why it does not is only asked when it does not. */
function checkOf(feature: RequestFeature): (value: unknown) => boolean {
  const { isNullable, isInteger } = feature;
  if (feature.type === 'categorical') {
    return (value) => (value === null ? isNullable : typeof value === 'string' && !isTooLong(value));
  }
  const low = feature.range?.[0] ?? -Number.MAX_VALUE;
  const high = feature.range?.[1] ?? Number.MAX_VALUE;
  return (value) =>
    value === null
      ? isNullable
      : typeof value === 'number' && value >= low && value <= high && (!isInteger || Number.isInteger(value));
}

function refuse(
  row: Readonly<Record<string, unknown>>,
  features: readonly RequestFeature[],
  name: string,
): never {
  const feature = features.find((candidate) => candidate.name === name) as RequestFeature;
  throw misfit(name, whyNot(feature, Object.hasOwn(row, name) ? row[name] : undefined), wanted(feature));
}

function whyNot(feature: RequestFeature, value: unknown): string {
  const isNumeric = feature.type === 'numeric';
  if (value === undefined) return 'the field is missing';
  if (value === null) return 'the field may not be null';
  if (typeof value !== (isNumeric ? 'number' : 'string')) {
    return `expected a ${isNumeric ? 'number' : 'text'}, not ${kindOf(value)}`;
  }
  if (typeof value === 'string') return lengthText(value);
  if (feature.isInteger && !Number.isInteger(value)) return 'expected a whole number, not a fraction';
  return `the number is outside of ${rangeText(feature)}`;
}

function wanted(feature: RequestFeature): string {
  const { label, isNullable } = feature;
  const orNull = isNullable ? ', or null where it is not known' : '';
  if (feature.type === 'categorical') {
    return `${label}: a text of at most ${String(TEXT_LENGTH_AT_MOST)} characters${orNull}`;
  }
  const number = feature.isInteger ? 'a whole number' : 'a number';
  const range = rangeText(feature);
  return `${label}: ${number}${range === '' ? '' : ` in ${range}`}${orNull}`;
}

/** `0 to 600 months`, as far as the contract says it. */
function rangeText({ range, unit }: RequestFeature): string {
  const [low = null, high = null] = range ?? [];
  const ends =
    low === null ? '' : high === null ? `${String(low)} or more` : `${String(low)} to ${String(high)}`;
  const text = ends === '' && high !== null ? `${String(high)} or less` : ends;
  return [text, unit].filter((part) => part !== undefined && part !== '').join(' ');
}

const lengthText = (text: string): string =>
  text === '' ? 'the text is empty' : `the text has ${String(lengthOf(text))} characters`;

function refuseUnknown(row: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): never {
  const key = Object.keys(row).find((candidate) => !known.has(candidate)) ?? '';
  throw misfit(
    key.slice(0, TEXT_LENGTH_AT_MOST),
    'the field is unknown',
    'leave it out; GET /openapi.json lists all fields',
  );
}

/** What a value is, in words; the value itself is not repeated. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a truth value' : 'nothing';
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** The same contract as a JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it). */
export function rowSchema(idField: string, features: readonly RequestFeature[]): JsonSchema {
  const id = {
    type: 'string',
    minLength: 1,
    maxLength: TEXT_LENGTH_AT_MOST,
    description: 'key of the entity',
  };
  return {
    description: 'All features, or the key alone: then the features of the newest snapshot are looked up.',
    anyOf: [
      {
        title: 'all features',
        type: 'object',
        additionalProperties: false,
        required: [idField, ...features.filter(({ isUnused }) => isUnused !== true).map(({ name }) => name)],
        properties: {
          [idField]: id,
          ...Object.fromEntries(features.map((feature) => [feature.name, schemaOf(feature)])),
        },
      },
      {
        title: 'key alone',
        type: 'object',
        additionalProperties: false,
        required: [idField],
        properties: { [idField]: id },
      },
    ],
  };
}

/** The body of a what-if: all features, of nobody. */
export const whatIfSchema = (features: readonly RequestFeature[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  required: ['features'],
  properties: {
    features: {
      type: 'object',
      additionalProperties: false,
      required: features.filter(({ isUnused }) => isUnused !== true).map(({ name }) => name),
      properties: Object.fromEntries(features.map((feature) => [feature.name, schemaOf(feature)])),
    },
  },
});

function schemaOf(feature: RequestFeature): JsonSchema {
  const { label, unit, range, isNullable, categories } = feature;
  const named = unit === undefined ? label : `${label} (${unit})`;
  const description =
    feature.isUnused === true ? `${named}; not used by the models that answer, and may be left out` : named;
  const typed = (type: string): string | string[] => (isNullable ? [type, 'null'] : type);
  if (feature.type === 'categorical') {
    return {
      type: typed('string'),
      maxLength: TEXT_LENGTH_AT_MOST,
      description: `${description}; a category that training has not seen is allowed and said in the answer`,
      ...(categories.length === 0 ? {} : { examples: [...categories] }),
    };
  }
  const [low = null, high = null] = range ?? [];
  return {
    type: typed(feature.isInteger ? 'integer' : 'number'),
    description,
    ...(low === null ? {} : { minimum: low }),
    ...(high === null ? {} : { maximum: high }),
  };
}
