import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLibrary, LIGHTGBM, notUsable, XGBOOST } from './native-library.ts';

describe('the native library', () => {
  test('is the pinned release unless another is named', () => {
    expect(findLibrary(LIGHTGBM).version).toBe('4.7.0');
    expect(findLibrary(XGBOOST).version).toBe('3.2.0');
    expect(findLibrary(XGBOOST, '')).toEqual(findLibrary(XGBOOST));
  });

  test('of the user tells its version where it lies in a Python package', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-library-'));
    try {
      mkdirSync(path.join(folder, 'lib'));
      const library = path.join(folder, 'lib', 'lib_lightgbm.so');
      writeFileSync(library, '');
      expect(findLibrary(LIGHTGBM, library)).toEqual({ path: library, version: 'custom' });
      writeFileSync(path.join(folder, 'VERSION.txt'), '4.6.0\n');
      expect(findLibrary(LIGHTGBM, library).version).toBe('4.6.0');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['libgomp.so.1: cannot open shared object file', /libgomp1/],
    ['Library not loaded: @rpath/libomp.dylib', /brew install libomp/],
    ["version `GLIBC_2.28' not found", /glibc 2\.28/],
    ['invalid ELF header', /npm run setup/],
  ])('that does not load for %s comes with what to do', (reason, hint) => {
    const error = notUsable(LIGHTGBM, '/some/lib_lightgbm.so', new Error(reason));
    expect(error).toMatchObject({ code: 'HF501', exitCode: 2 });
    expect(error.hint).toMatch(hint);
  });
});
