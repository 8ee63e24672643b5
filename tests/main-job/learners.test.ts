/** The main job with every learner: from one delivered file to scores, reasons and a report. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/engine/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { evaluateStep, explainEntity, explainModelSet, reportStep } from '../../src/workflow/index.ts';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

const LEARNERS = {
  lightgbm: { file: 'model.txt', parameters: '{ metric: average_precision, num_leaves: 7 }' },
  xgboost: { file: 'model.json', parameters: '{ max_depth: 3, eta: 0.1 }' },
  random_forest: { file: 'model.txt', parameters: '{}' },
  logistic_regression: { file: 'model.json', parameters: '{ l2: 2 }' },
} as const;

const PARAMETERS = `  parameters:
    objective: binary
    metric: average_precision
    learning_rate: 0.1
    num_leaves: 7
    min_child_samples: 10
`;

describe('the main job', () => {
  test.each(Object.entries(LEARNERS))(
    'with %s gives scores, reasons, an evaluation and a report',
    async (name, { file, parameters }) => {
      await using pack = await changedMagazine(
        {
          file: 'pack.yaml',
          from: `learner:\n${PARAMETERS}`,
          to: `learner:\n  name: ${name}\n  parameters: ${parameters}\n`,
        },
        {
          file: 'features.yaml',
          from: '    label: Complaints\n',
          to: '    label: Complaints\n    reason: Has complained before\n',
        },
      );
      await using workspace = await openMagazine({
        pack: pack.folder,
        clock: fixedClock('2025-03-14T09:30:00Z'),
      });
      await workspace.land('readers_2025.csv', readers(300));
      await workspace.run();
      const folder = path.join(workspace.folder, 'models/churn_model_90d/1');
      await access(path.join(folder, file));
      const settings = JSON.parse(await readFile(path.join(folder, 'settings.json'), 'utf8')) as {
        learner: { name: string };
      };
      expect(settings.learner.name).toBe(name);
      const scores = await workspace.rows('SELECT * FROM gold.churn_scores ORDER BY reader_id');
      expect(scores.length).toBeGreaterThan(100);
      const reasons = scores.filter((row) => row['reason_1'] !== null);
      expect(reasons.length).toBeGreaterThan(0);
      await workspace.withContext(async (context) => {
        const { explained } = await explainEntity(context, textOf(scores[0]?.['reader_id']), { lime: true });
        expect(explained.contributions).toHaveLength(6);
        await evaluateStep(context, { resamples: 20 });
        await explainModelSet(context, { sample: 100 });
        await reportStep(context);
      });
    },
    120_000,
  );

  test('goes on with the set in use when the pack has come to name another learner', async () => {
    await using before = await changedMagazine();
    await using after = await changedMagazine({
      file: 'pack.yaml',
      from: `learner:\n${PARAMETERS}`,
      to: 'learner:\n  name: xgboost\n',
    });
    await using workspace = await openMagazine({
      pack: before.folder,
      clock: fixedClock('2025-03-14T09:30:00Z'),
    });
    await workspace.land('readers_2025.csv', readers(300));
    await workspace.run();
    const result = await workspace.run({ from: 'score' }, { pack: after.folder });
    expect(result.steps.map(({ step }) => step)).toEqual(['score', 'lists']);
    await workspace.withContext(
      async (context) => {
        const [first] = await workspace.rows('SELECT reader_id FROM gold.churn_scores ORDER BY reader_id');
        const explanation = await explainEntity(context, textOf(first?.['reader_id']));
        expect(explanation.modelSet).toBe(1);
      },
      { pack: after.folder },
    );
  });
});
