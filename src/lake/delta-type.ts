/**
 * The types of Delta tables (protocol, "Schema Serialization Format") and what they are called in
 * the engine. Types that Delta lacks are refused by name with the cast to write.
 */
import type { Column, TableName } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import { type EngineType, parseEngineType } from './engine-type.ts';

/** A Delta type as its schema JSON spells it: `long`, `decimal(10,2)`, or an object for nested ones. */
export type DeltaType = string | DeltaArray | DeltaMap | DeltaStruct;
export interface DeltaArray {
  readonly type: 'array';
  readonly elementType: DeltaType;
  readonly containsNull: boolean;
}
export interface DeltaMap {
  readonly type: 'map';
  readonly keyType: DeltaType;
  readonly valueType: DeltaType;
  readonly valueContainsNull: boolean;
}
export interface DeltaStruct {
  readonly type: 'struct';
  readonly fields: readonly DeltaField[];
}
export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const DELTA_OF_ENGINE: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  BIGINT: 'long',
  INTEGER: 'integer',
  SMALLINT: 'short',
  TINYINT: 'byte',
  FLOAT: 'float',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  BLOB: 'binary',
  'TIMESTAMP WITH TIME ZONE': 'timestamp',
};

const ENGINE_OF_DELTA: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(DELTA_OF_ENGINE).map(([engine, delta]) => [delta, engine])),
  // Only read: the feature `timestampNtz` of other writers.
  timestamp_ntz: 'TIMESTAMP',
};

/** The nearest type that Delta has, for the hint; VARCHAR for anything not named here. */
const NEAREST: Readonly<Record<string, string>> = {
  HUGEINT: 'BIGINT',
  UHUGEINT: 'DECIMAL(38,0)',
  BIGNUM: 'DECIMAL(38,0)',
  UBIGINT: 'BIGINT',
  UINTEGER: 'BIGINT',
  USMALLINT: 'INTEGER',
  UTINYINT: 'SMALLINT',
  TIMESTAMP: 'TIMESTAMPTZ',
  TIMESTAMP_S: 'TIMESTAMPTZ',
  TIMESTAMP_MS: 'TIMESTAMPTZ',
  TIMESTAMP_NS: 'TIMESTAMPTZ',
  BIT: 'BLOB',
};

/** Types whose text form is the same for every reader, so that a folder may be named after them. */
const PARTITION_TYPES = /^(string|long|integer|short|byte|date|boolean|decimal\(.*)$/;

/** The Delta fields of a query's columns; HF305 names the first column that Delta cannot hold. */
export function deltaFieldsOf(table: TableName, columns: readonly Column[]): DeltaField[] {
  return columns.map(({ name, type }) => {
    const parsed = parseEngineType(type);
    const delta = parsed && deltaOfParsed(parsed);
    if (delta === undefined) throw noEquivalent(table, name, type, castFor(parsed));
    return { name, type: delta, nullable: true, metadata: {} };
  });
}

/** Refuses partition columns whose values have no one text form (HF305), unless the caller gives that form. */
export function checkPartitionType(table: TableName, field: DeltaField, textIsGiven = false): void {
  if (typeof field.type === 'string' && PARTITION_TYPES.test(field.type)) return;
  if (textIsGiven && field.type === 'timestamp') return;
  const nearest = field.type === 'timestamp' ? 'DATE' : 'VARCHAR';
  throw new HoldfastError('HF305', {
    message: `partition column ${field.name} of ${table} has type ${engineTypeOf(table, field.type)}, whose values cannot name a folder`,
    hint: `write CAST(${field.name} AS ${nearest}) AS ${field.name}`,
    place: { field: field.name },
  });
}

/** The engine's name of a Delta type; HF304 for one of a newer protocol. */
export function engineTypeOf(table: TableName, type: DeltaType): string {
  if (typeof type !== 'string') {
    switch (type.type) {
      case 'array':
        return `${engineTypeOf(table, type.elementType)}[]`;
      case 'map':
        return `MAP(${engineTypeOf(table, type.keyType)}, ${engineTypeOf(table, type.valueType)})`;
      case 'struct': {
        const fields = type.fields.map(
          (field) => `"${field.name.replaceAll('"', '""')}" ${engineTypeOf(table, field.type)}`,
        );
        return `STRUCT(${fields.join(', ')})`;
      }
    }
  }
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(type);
  if (decimal !== null) return `DECIMAL(${String(decimal[1])},${String(decimal[2])})`;
  const engine = ENGINE_OF_DELTA[type];
  if (engine !== undefined) return engine;
  throw new HoldfastError('HF304', {
    message: `${table} has a column of type ${type}, which Holdfast cannot read`,
    hint: 'rewrite the table without columns of this type',
  });
}

function deltaOfParsed(type: EngineType): DeltaType | undefined {
  switch (type.kind) {
    case 'simple': {
      if (type.name !== 'DECIMAL') return DELTA_OF_ENGINE[type.name];
      const [precision = 18, scale = 3] = type.numbers;
      return `decimal(${String(precision)},${String(scale)})`;
    }
    case 'list': {
      const elementType = deltaOfParsed(type.element);
      return elementType && { type: 'array', elementType, containsNull: true };
    }
    case 'map': {
      const keyType = deltaOfParsed(type.key);
      const valueType = deltaOfParsed(type.value);
      return keyType && valueType && { type: 'map', keyType, valueType, valueContainsNull: true };
    }
    case 'struct': {
      const fields: DeltaField[] = [];
      for (const field of type.fields) {
        const inner = deltaOfParsed(field.type);
        if (inner === undefined) return undefined;
        fields.push({ name: field.name, type: inner, nullable: true, metadata: {} });
      }
      return { type: 'struct', fields };
    }
    case 'array':
      return undefined;
  }
}

function castFor(type: EngineType | undefined): string | undefined {
  if (type === undefined || type.kind === 'array') return undefined;
  return type.kind === 'simple' ? (NEAREST[type.name] ?? 'VARCHAR') : undefined;
}

function noEquivalent(table: TableName, name: string, type: string, cast: string | undefined): HoldfastError {
  const hint =
    cast === undefined
      ? `cast ${name} to a list, struct or map of types that Delta has`
      : `write CAST(${name} AS ${cast}) AS ${name}`;
  return new HoldfastError('HF305', {
    message: `column ${name} of ${table} has type ${type}, which Delta tables do not have`,
    hint,
    place: { field: name },
  });
}
