import { expect, test } from 'vitest';
import type { FeatureFacts } from '../../src/desk/contract.ts';
import {
  applyDraft,
  blankInputs,
  boundsText,
  inputsOfTexts,
  readInput,
  textsOfInputs,
} from '../../web/src/pages/what-if/inputs.ts';
import {
  readAddress,
  type WhatIfAddress,
  writeAddress,
} from '../../web/src/pages/what-if/what-if-address.ts';
import { parseSearch, stringifySearch } from '../../web/src/search.ts';

const feature = (name: string, parts: Partial<FeatureFacts> = {}): FeatureFacts => ({
  name,
  label: name,
  group: null,
  unit: null,
  type: 'numeric',
  is_integer: false,
  lowest: 0,
  highest: 100,
  is_nullable: true,
  categories: [],
  is_main: true,
  is_frozen: false,
  ...parts,
});
const hours = feature('hours', { unit: 'h' });
const issues = feature('issues', { is_integer: true, is_nullable: false, lowest: 1 });
const channel = feature('channel', { type: 'categorical', categories: ['shop', 'web'] });
const features = [hours, issues, channel];
const start = { hours: 0.123456789012, issues: 4, channel: 'web' };

test.each([
  ['12.5', { value: 12.5 }],
  ['', { value: null }],
  ['1e3', { problem: 'This is not a number, such as 12 or 0.5.' }],
  ['101', { problem: 'Too high: 100 h is the highest that the model takes.' }],
  ['-1', { problem: 'Too low: 0 h is the lowest that the model takes.' }],
])('the text "%s" in a field of numbers is read or refused in words', (text, read) => {
  expect(readInput(hours, text)).toEqual(read);
});

test('a whole number takes no fraction, and what is always known is not left empty', () => {
  expect(readInput(issues, '2.5')).toHaveProperty('problem');
  expect(readInput(issues, '')).toHaveProperty('problem');
  expect(boundsText(issues)).toBe('1 to 100');
});

test.each([
  [-1, 1000, '-1 to 1,000; 0.5 is 50 %'],
  [0, null, '0 or more; 0.5 is 50 %'],
  [null, null, '0.5 is 50 %'],
])('of a share from %s to %s nothing is said that the contract does not say', (lowest, highest, text) => {
  expect(boundsText({ lowest, highest, unit: 'share', type: 'numeric' })).toBe(text);
});

test('what does not fit is not sent: the value of the start stands for it', () => {
  const { inputs, problems, changes } = applyDraft(features, start, { hours: '500', issues: '5' });
  expect(inputs).toEqual({ ...start, issues: 5 });
  expect(Object.keys(problems)).toEqual(['hours']);
  expect(changes).toEqual({ hours: '500', issues: '5' });
});

test('a text that says what the start says changes nothing, to the last digit', () => {
  const { inputs, changes } = applyDraft(features, start, {
    hours: '0.1234568',
    issues: '4.0',
    channel: 'web',
  });
  expect(inputs).toEqual(start);
  expect(changes).toEqual({});
});

test('a start that the contract does not take is told, though nobody touched it', () => {
  expect(applyDraft(features, { ...start, hours: 900 }, {}).problems).toHaveProperty('hours');
});

test('a blank form knows nothing but what the contract wants', () => {
  expect(blankInputs(features)).toEqual({ hours: null, issues: 1, channel: null });
});

test.each<WhatIfAddress>([
  { start: { kind: 'none' }, changes: {}, isUnfolded: false, tier: 'RED' },
  { start: { kind: 'id', id: 'a b&c' }, changes: { hours: '1', channel: '' }, isUnfolded: true, days: 60 },
  { start: { kind: 'blank' }, changes: { channel: 'null' }, isUnfolded: false },
  {
    start: { kind: 'values', asOf: '2024-12-01', values: textsOfInputs(start) },
    changes: { hours: '-500' },
    isUnfolded: false,
  },
])('an address gives back the view that it was written of: $start.kind', (address) => {
  expect(readAddress(parseSearch(stringifySearch(writeAddress(address))))).toEqual(address);
});

test('values in an address are those of the row, to the last digit', () => {
  expect(inputsOfTexts(features, textsOfInputs({ ...start, channel: null }))).toEqual({
    ...start,
    channel: null,
  });
});
