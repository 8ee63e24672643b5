import { describe, expect, it } from 'vitest';
import { parseEngineType } from './engine-type.ts';

describe('the parser of engine types', () => {
  it('reads quoted field names with commas and brackets in them', () => {
    expect(parseEngineType('STRUCT("a, (b)" INTEGER, "say ""x""" VARCHAR)')).toEqual({
      kind: 'struct',
      fields: [
        { name: 'a, (b)', type: { kind: 'simple', name: 'INTEGER', numbers: [] } },
        { name: 'say "x"', type: { kind: 'simple', name: 'VARCHAR', numbers: [] } },
      ],
    });
  });

  it('tells a list from an array of fixed length', () => {
    expect(parseEngineType('INTEGER[]')?.kind).toBe('list');
    expect(parseEngineType('INTEGER[3]')?.kind).toBe('array');
  });

  it('gives nothing for a spelling that it does not know', () => {
    expect(parseEngineType('what?')).toBeUndefined();
    expect(parseEngineType('STRUCT(a)')).toBeUndefined();
  });
});
