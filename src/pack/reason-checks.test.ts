import { expect, test } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { checkReason } from './reason-checks.ts';
import { Feature } from './schema.ts';
import { parseYaml } from './yaml-file.ts';

const NUMERIC = 'type: numeric, source: snapshot, window: snapshot, label: Visits';

/** What is refused about the reasons of a feature; undefined where nothing is. */
function refusal(feature: string): HoldfastError | undefined {
  const file = parseYaml(`features:\n  visits: { ${feature} }\n`, 'features.yaml');
  const { visits } = (file.value as { features: { visits: unknown } }).features;
  try {
    checkReason(file, ['features', 'visits'], Feature.parse(visits));
    return undefined;
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
}

test.each([
  ['{ from: 1, below: 5, say: a }, { from: 4, say: b }', 1, 2, 'from 1 below 5', 'from 4', '4'],
  [
    '{ below: 1, say: a }, { from: 1, say: c }, { below: -3, say: b }',
    1,
    3,
    'below 1',
    'below -3',
    'the values below -3',
  ],
  ['{ say: a }, { from: 1, say: b }', 1, 2, 'every value', 'from 1', '1'],
])('two sentences about the same value are refused: %s', (cases, first, second, one, other, shared) => {
  const error = refusal(`${NUMERIC}, reason: [${cases}]`);
  expect(error?.message).toBe(
    `the reasons ${String(first)} (${one}) and ${String(second)} (${other}) of visits both cover ${shared}`,
  );
  expect(error?.place?.field).toBe(`features.visits.reason[${String(second - 1)}]`);
});

test('two sentences about the same category are refused', () => {
  const error = refusal(
    'type: categorical, source: snapshot, window: snapshot, label: Plan, reason: [{ is: [a, b], say: x }, { is: [c, b], say: y }]',
  );
  expect(error?.message).toBe('the reasons 1 (a, b) and 2 (c, b) of visits both cover b');
});

test('ranges that touch, gaps, and a last sentence about all other values are accepted', () => {
  expect(
    refusal(`${NUMERIC}, reason: [{ from: 1, below: 5, say: a }, { from: 5, say: b }, { below: 0, say: c }]`),
  ).toBeUndefined();
  expect(refusal(`${NUMERIC}, reason: [{ from: 1, say: a }, { say: b }]`)).toBeUndefined();
});

test.each([
  ['{value|day}', '{value|day} does not have two words'],
  ['{value|day|}', '{value|day|} does not have two words'],
  ['{value|a|b|c}', '{value|a|b|c} does not have two words'],
  ['{times|call|calls}', '{times|call|calls} counts nothing, and has words for it'],
  ['{valeu|day|days}', 'unknown placeholder {valeu}'],
])('words that no number has are refused: %s', (placeholder, message) => {
  const error = refusal(`${NUMERIC}, reason: 'For ${placeholder}'`);
  expect(error?.message).toBe(message);
  expect(error?.place?.field).toBe('features.visits.reason');
  expect(refusal(`${NUMERIC}, reason: 'For {value|day|days}, {size|day|days}, {percent|point|points}'`)).toBe(
    undefined,
  );
});

test('a category has no words of one and of several', () => {
  const error = refusal(
    "type: categorical, source: snapshot, window: snapshot, label: Plan, reason: 'Has {value|plan|plans}'",
  );
  expect(error?.message).toBe('{value|plan|plans} counts nothing, and has words for it');
});
