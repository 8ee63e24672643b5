import { describe, expect, it } from 'vitest';
import { checkPartitionType, type DeltaField, deltaFieldsOf, engineTypeOf } from './delta-type.ts';

const typeOf = (type: string): unknown => deltaFieldsOf('silver.t', [{ name: 'c', type }])[0]?.type;

describe('the Delta types', () => {
  it.each([
    ['VARCHAR', 'string'],
    ['BIGINT', 'long'],
    ['INTEGER', 'integer'],
    ['SMALLINT', 'short'],
    ['TINYINT', 'byte'],
    ['FLOAT', 'float'],
    ['DOUBLE', 'double'],
    ['BOOLEAN', 'boolean'],
    ['DATE', 'date'],
    ['BLOB', 'binary'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamp'],
    ['DECIMAL(38,0)', 'decimal(38,0)'],
  ])('spell the engine type %s as %s and back', (engine, delta) => {
    expect(typeOf(engine)).toBe(delta);
    expect(engineTypeOf('silver.t', delta)).toBe(engine);
  });

  it.each(['STRUCT("a" INTEGER, "b" DECIMAL(10,2)[])[]', 'MAP(VARCHAR, STRUCT("x" DATE))', 'VARCHAR[][]'])(
    'come back the same for the nested type %s',
    (engine) => {
      expect(engineTypeOf('silver.t', (typeOf(engine) ?? '') as string)).toBe(engine);
    },
  );

  it.each([
    ['HUGEINT', 'CAST(c AS BIGINT)'],
    ['UBIGINT', 'CAST(c AS BIGINT)'],
    ['UINTEGER', 'CAST(c AS BIGINT)'],
    ['TIMESTAMP', 'CAST(c AS TIMESTAMPTZ)'],
    ['TIMESTAMP_NS', 'CAST(c AS TIMESTAMPTZ)'],
    ['TIME', 'CAST(c AS VARCHAR)'],
    ['UUID', 'CAST(c AS VARCHAR)'],
    ['INTERVAL', 'CAST(c AS VARCHAR)'],
    ["ENUM('a', 'b')", 'CAST(c AS VARCHAR)'],
    ['JSON', 'CAST(c AS VARCHAR)'],
  ])('refuse %s with the cast to write', (engine, cast) => {
    expect(() => typeOf(engine)).toThrow(
      expect.objectContaining({
        code: 'HF305',
        message: `column c of silver.t has type ${engine}, which Delta tables do not have`,
        hint: `write ${cast} AS c`,
      }),
    );
  });

  it.each(['HUGEINT[]', 'STRUCT(a UUID)', 'INTEGER[3]', 'MAP(TIME, INTEGER)'])(
    'refuse %s for the type inside it',
    (engine) => {
      expect(() => typeOf(engine)).toThrow(expect.objectContaining({ code: 'HF305' }));
    },
  );

  it('refuse a partition column whose values have more than one text form', () => {
    const field = (type: string): DeltaField => ({ name: 'at', type, nullable: true, metadata: {} });
    expect(() => {
      checkPartitionType('silver.t', field('timestamp'));
    }).toThrow(expect.objectContaining({ code: 'HF305', hint: 'write CAST(at AS DATE) AS at' }));
    expect(() => {
      checkPartitionType('silver.t', field('date'));
    }).not.toThrow();
  });

  it('refuse a type of a newer protocol when they read a table', () => {
    expect(() => engineTypeOf('silver.t', 'variant')).toThrow(expect.objectContaining({ code: 'HF304' }));
  });
});
