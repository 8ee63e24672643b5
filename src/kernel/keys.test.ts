import { expect, test } from 'vitest';
import { camelKeys, snakeKeys } from './keys.ts';

test('keys come back as they were, names of things untouched', () => {
  const value = {
    evaluatedAt: 1,
    horizons: [
      { baseRate: 0.1, metrics: { auc_pr: { value: 2 } }, summary: { base_rate: { standardDeviation: 3 } } },
    ],
    'gold.x_y': 5,
  };
  const isName = (key: string, parent: string): boolean =>
    key === 'auc_pr' || parent === 'summary' || key.includes('.');
  const document = snakeKeys(value);
  expect(Object.keys(document as object)).toEqual(['evaluated_at', 'horizons', 'gold.x_y']);
  expect(camelKeys(document, isName)).toEqual(value);
});
