import { expect, it } from 'vitest';
import { openDuckDb } from '../engine/index.ts';
import { undatedGroups } from './split.ts';

it('groups rows that are equal in a thousand features', async () => {
  await using engine = await openDuckDb({ threads: 1 });
  const features = Array.from({ length: 1000 }, (_, index) => `feature_${String(index)}`);
  const row = (last: string): string =>
    `SELECT 1 AS churned_in_30d, ${features.map((name, index) => `${index === 999 ? last : String(index)} AS ${name}`).join(', ')}`;
  const rows = `${row('1')} UNION ALL ${row('1')} UNION ALL ${row('2')} UNION ALL ${row('NULL')}`;
  const split = { method: 'random', train: 0.6, validation: 0.2, test: 0.2 } as const;
  const groups = await engine.rows(
    `WITH ${undatedGroups(rows, features, 30, split, 42)} SELECT size FROM groups ORDER BY size`,
  );
  expect(groups.map(({ size }) => Number(size))).toEqual([1, 1, 2]);
});
