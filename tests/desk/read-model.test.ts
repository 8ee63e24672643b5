/** The read model over scores of several dates, in the order in which they were made and in others. */
import { expect, test } from 'vitest';
import { dropReadModel, loadReadModel } from '../../src/desk/index.ts';
import { openDuckDb } from '../../src/engine/index.ts';
import { openLake } from '../../src/lake/index.ts';
import { openMadeDesk } from './made-desk.ts';

test('has the features that were scored, also when an older date was scored after them', async () => {
  await using made = await openMadeDesk();
  await made.score({ rows: 60, date: '2024-10-01' });
  // Features are appended: from now on the newest version of their table is another one.
  await made.score({ rows: 40, date: '2024-08-01', seed: 1 });
  await using engine = await openDuckDb();
  const lake = openLake({ root: `${made.folder}/lake`, engine, clock: made.clock });
  const parts = { engine, lake, pack: made.pack, scoresTable: 'gold.churn_scores', number: 1 };
  const model = await loadReadModel(parts);
  if (model === undefined) throw new Error('nothing was scored');
  expect((await lake.snapshot(made.pack.file.features.table)).version).toBe(1);
  expect(model).toMatchObject({
    asOf: '2024-10-01',
    scoreDates: ['2024-10-01', '2024-08-01'],
    modelSet: 1,
    featureVersions: { scored: 0, read: 0 },
  });
  const counted = `SELECT count(*) AS rows FROM ${model.scores}`;
  expect(await engine.rows(counted)).toEqual([{ rows: 60 }]);
  await dropReadModel(engine, model);
  await expect(engine.rows(counted)).rejects.toThrow();
});
