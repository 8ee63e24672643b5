/** The pages of a workspace in which nothing was scored. */
import { describe, expect, test } from 'vitest';
import { DataHealth, Performance } from '../../src/desk/index.ts';
import { openWorkspace } from '../support/workspace.ts';
import { rowOf, withPages } from './pages.ts';

describe('before anything was scored', () => {
  test('pages of models and data are empty and say so', async () => {
    await using fresh = await openWorkspace();
    await withPages(fresh, async ({ pages }) => {
      const performance = Performance.parse(await pages.performance());
      expect(performance).toMatchObject({
        model_set: null,
        trend: [],
        horizons: [],
        champion: null,
        gates_set: null,
        gates: [],
      });
      expect(performance.evaluation_missing).toContain('no model set is in use');
      const data = DataHealth.parse(await pages.data());
      expect(data).toMatchObject({ as_of: null, observed_to: null, tables: [], snapshot_rows: 0 });
      expect(data.sources.map(({ rows }) => rows)).toEqual([0, 0, 0, 0]);
      await expect(pages.customer(rowOf('A'))).rejects.toMatchObject({ code: 'HF602' });
      await expect(pages.whatIfAnywhere(() => Promise.resolve('A'))).rejects.toMatchObject({ code: 'HF602' });
    });
  });
});
