/** Keys that repeat although the pack has no rule against it. */
import { describe, expect, test } from 'vitest';
import { copyPack, openWorkspace } from '../support/workspace.ts';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

const WITHOUT_RULE = {
  file: 'expectations.yaml',
  from: '    - name: one_row_a_reader\n      unique: [reader_id]\n      action: fail\n',
  to: '',
};
const KEEP_FIRST = {
  file: 'pack.yaml',
  from: 'learner:\n',
  to: 'cleaning:\n  repeated_keys: keep_first\n\nlearner:\n',
};

test('an entity that is repeated within its observation date stops the build before the training set', async () => {
  await using pack = await changedMagazine(WITHOUT_RULE);
  await using workspace = await openMagazine({ pack: pack.folder });
  const rows = readers(200);
  await workspace.land('readers.csv', [...rows, ...rows.slice(0, 3)]);
  await expect(workspace.run({ to: 'build' })).rejects.toMatchObject({
    code: 'HF207',
    place: { field: 'reader_id' },
    hint: expect.stringContaining('cleaning.repeated_keys') as string,
  });
  expect(await workspace.withContext(({ lake }) => lake.exists('gold.churn_training_set'))).toBe(false);
});

describe('with cleaning.repeated_keys: keep_first', () => {
  test('one row an entity is kept whatever the order of delivery, and the others are counted and quarantined', async () => {
    await using pack = await changedMagazine(KEEP_FIRST);
    const rows = readers(200);
    const [first, second] = rows;
    const others = [{ ...first, complaints: 99 }, { ...first, complaints: 98 }, { ...second }] as typeof rows;
    const delivered = [[...rows, ...others], [...others].reverse().concat(rows)];
    const kept: unknown[] = [];
    for (const order of delivered) {
      await using workspace = await openMagazine({ pack: pack.folder });
      await workspace.land('readers.csv', order);
      await workspace.run({ to: 'build' });
      kept.push(await workspace.rows('SELECT * FROM silver.readers ORDER BY reader_id'));
      expect(workspace.warnings.join('\n')).toContain('silver.readers: repeated_key: 3 of 203 rows dropped');
      expect(
        await workspace.rows(
          `SELECT count(*) AS n FROM quality.quarantined_rows WHERE reason = 'repeated_key' AND table_name = 'silver.readers'`,
        ),
      ).toEqual([{ n: 3 }]);
      expect(
        await workspace.rows(
          `SELECT action, status, failed_rows, total_rows FROM quality.expectation_results WHERE expectation = 'repeated_key'`,
        ),
      ).toEqual([{ action: 'drop', status: 'WARN', failed_rows: 3, total_rows: 203 }]);
    }
    expect(kept[0]).toHaveLength(200);
    expect(kept[1]).toEqual(kept[0]);
  });

  test('is refused in a pack with dates', async () => {
    await using pack = await copyPack('broadband');
    await pack.replace('pack.yaml', 'tiers:\n', 'cleaning: { repeated_keys: keep_first }\n\ntiers:\n');
    await using workspace = await openWorkspace({ pack: pack.folder });
    await expect(workspace.run()).rejects.toMatchObject({
      code: 'HF106',
      place: { field: 'cleaning.repeated_keys' },
    });
  });
});
