/** Keys that repeat although the pack has no rule against it. */
import { expect, test } from 'vitest';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

test('an entity that is repeated within its observation date stops the build before the training set', async () => {
  await using pack = await changedMagazine({
    file: 'expectations.yaml',
    from: '    - name: one_row_a_reader\n      unique: [reader_id]\n      action: fail\n',
    to: '',
  });
  await using workspace = await openMagazine({ pack: pack.folder });
  const rows = readers(200);
  await workspace.land('readers.csv', [...rows, ...rows.slice(0, 3)]);
  await expect(workspace.run({ to: 'build' })).rejects.toMatchObject({
    code: 'HF207',
    place: { field: 'reader_id' },
  });
  expect(await workspace.withContext(({ lake }) => lake.exists('gold.churn_training_set'))).toBe(false);
});
