import { describe, expect, it } from 'vitest';
import { type Add, applyActions, emptyState, parseActions, rowsOf } from './action.ts';

const add = (path: string, more: Partial<Add> = {}): Add => ({
  path,
  partitionValues: {},
  size: 1,
  modificationTime: 1,
  dataChange: true,
  ...more,
});

describe('the actions of a log', () => {
  it('add up in their order', () => {
    const state = emptyState();
    applyActions(state, [{ add: add('a') }, { add: add('b') }]);
    applyActions(state, [{ remove: { path: 'a', dataChange: true } }, { add: add('c') }]);
    applyActions(state, [{ remove: { path: 'c', dataChange: true } }, { add: add('a') }]);
    expect([...state.adds.keys()].sort()).toEqual(['a', 'b']);
    expect([...state.removes.keys()]).toEqual(['c']);
  });

  it('are refused with file and line where a line is torn', () => {
    expect(() => parseActions('/t/5.json', ['{"commitInfo":{}}', '{"add":{"path":"a","si'])).toThrow(
      expect.objectContaining({ code: 'HF306', place: { file: '/t/5.json', line: 2 } }),
    );
  });

  it('are read with kinds and keys that nobody here knows', () => {
    const lines = [
      '{"domainMetadata":{"x":1}}',
      '{"commitInfo":{"operation":7}}',
      '',
      '{"cdc":{"path":"p"}}',
    ];
    expect(parseActions('/t/0.json', lines)).toHaveLength(3);
  });

  it('say the rows of a file from either form of statistics', () => {
    expect(rowsOf(add('a', { stats: '{"numRecords":5}' }))).toBe(5);
    expect(rowsOf(add('a', { stats_parsed: { numRecords: 6 } }))).toBe(6);
    expect(rowsOf(add('a', { stats: '{}' }))).toBeUndefined();
    expect(rowsOf(add('a', { stats: null }))).toBeUndefined();
  });
});
