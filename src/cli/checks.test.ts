import { describe, expect, it } from 'vitest';
import { checkNode } from './checks.ts';

describe('checkNode', () => {
  it.each([
    ['20.18.3', false],
    ['18.20.0', false],
    ['20.19.0', true],
    ['22.0.0', true],
    ['24.11.1', true],
  ])('judges Node %s', (version, ok) => {
    const check = checkNode(version);
    expect(check.ok).toBe(ok);
    expect(check.mend === undefined).toBe(ok);
  });
});
