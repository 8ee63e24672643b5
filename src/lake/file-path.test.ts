import { describe, expect, it } from 'vitest';
import { encodeLogPath, partitionOf, resolveLogPath } from './file-path.ts';

describe('the paths of a Delta log', () => {
  it('come back after encoding, percent signs of folder names included', () => {
    const relative = 'v1-00/p=a%20b%2Fc=d/é+#?&.parquet';
    expect(encodeLogPath(relative)).toContain('p=a%2520b%252Fc=d/');
    expect(resolveLogPath('silver.t', '/lake/t', encodeLogPath(relative))).toBe(`/lake/t/${relative}`);
  });

  it('are read as they are where a lone percent sign is no escape', () => {
    expect(resolveLogPath('silver.t', '/lake/t', 'p=50%/a.parquet')).toBe('/lake/t/p=50%/a.parquet');
  });

  it('may be absolute on this machine and nowhere else', () => {
    expect(resolveLogPath('silver.t', '/lake/t', 'file:///data/a%20b.parquet')).toBe('/data/a b.parquet');
    expect(() => resolveLogPath('silver.t', '/lake/t', 's3://bucket/a.parquet')).toThrow(
      expect.objectContaining({ code: 'HF304' }),
    );
  });

  it('take an empty value and the word of Hive for NULL', () => {
    expect(partitionOf({ a: '', b: '__HIVE_DEFAULT_PARTITION__', c: 'x' }, ['a', 'b', 'c', 'd'])).toEqual({
      a: null,
      b: null,
      c: 'x',
      d: null,
    });
  });
});
