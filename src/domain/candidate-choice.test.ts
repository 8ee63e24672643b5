import { expect, test } from 'vitest';
import { chooseCandidate } from './candidate-choice.ts';

const candidate = (
  name: string,
  learner: string,
  folds: readonly number[],
): { name: string; learner: string; folds: readonly number[] } => ({ name, learner, folds });

test('the simplest learner within one standard error of the difference is taken', () => {
  const choice = chooseCandidate(
    [
      candidate('line', 'logistic_regression', [0.6, 0.72, 0.64]),
      candidate('trees', 'lightgbm', [0.61, 0.71, 0.66]),
    ],
    'one_standard_error',
  );
  expect(choice).toMatchObject({ chosen: 'line', best: 'trees' });
  expect(choice.why).toContain('trees is better by 0.0067, within one standard error (0.0088)');
});

test('a simpler learner that is worse on every fold is not taken, however much folds differ', () => {
  const choice = chooseCandidate(
    [
      candidate('line', 'logistic_regression', [0.4, 0.6, 0.8]),
      candidate('trees', 'lightgbm', [0.42, 0.62, 0.82]),
    ],
    'one_standard_error',
  );
  expect(choice.chosen).toBe('trees');
  expect(choice.verdicts[0]?.standardError).toBeGreaterThan(0.02);
});

test('of several settings of one learner the best stands for it', () => {
  const folds = { simple: [0.6, 0.7], middle: [0.61, 0.7], forest: [0.59, 0.72] };
  const choice = chooseCandidate(
    [
      candidate('simple', 'lightgbm', folds.simple),
      candidate('middle', 'lightgbm', folds.middle),
      candidate('forest', 'random_forest', folds.forest),
    ],
    'one_standard_error',
  );
  expect(choice.chosen).toBe('middle');
});

test('the rule best takes the highest mean', () => {
  const choice = chooseCandidate(
    [candidate('line', 'logistic_regression', [0.6, 0.72]), candidate('trees', 'lightgbm', [0.62, 0.71])],
    'best',
  );
  expect(choice.chosen).toBe('trees');
});

test('with one fold there is no standard error, and only an equal candidate is not worse', () => {
  const choice = chooseCandidate(
    [candidate('line', 'logistic_regression', [0.6]), candidate('trees', 'lightgbm', [0.61])],
    'one_standard_error',
  );
  expect(choice).toMatchObject({
    chosen: 'trees',
    verdicts: [{ standardError: null, shortfallError: null }, {}],
  });
});
