import { expect, test } from 'vitest';
import { fillReason, placeholdersOf } from './reason-template.ts';

const filled = (sentence: string, value: string): string => fillReason(sentence, () => value);

test.each([
  ['1', 'Out for 1 day'],
  ['-1', 'Out for -1 day'],
  ['2', 'Out for 2 days'],
  ['0', 'Out for 0 days'],
  ['0.5', 'Out for 0.5 days'],
  ['1.5', 'Out for 1.5 days'],
  ['1,001', 'Out for 1,001 days'],
  ['11', 'Out for 11 days'],
])('of %s the word is that of the number as it is read', (value, sentence) => {
  expect(filled('Out for {value|day|days}', value)).toBe(sentence);
});

test('a sentence may have several placeholders, with words and without, and words of several parts', () => {
  expect(filled('{value} and {size|month of notice|months of notice}, {percent} %', '1')).toBe(
    '1 and 1 month of notice, 1 %',
  );
});

test('what is in braces is told by its name and its words', () => {
  expect(placeholdersOf('a {value} b {size|day|days} c {x|}')).toEqual([
    { name: 'value', words: [] },
    { name: 'size', words: ['day', 'days'] },
    { name: 'x', words: [''] },
  ]);
});
