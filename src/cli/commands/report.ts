import type { CommandModule } from '../command.ts';
import { snakeKeys } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'report',
  summary: 'write the report of the models in use: a page to read, print and keep',
  description:
    'Writes reports/model-report-set-N.html, one page that needs nothing else, and the same content as JSON: problems in the data, splits and what was left out, metrics with intervals, curves, calibration, segments, folds and backtest where they were made, drivers, leakage audit, settings, intended use and limits. Evaluates the models first where that was not done yet.',
  examples: [{ command: 'report', explains: 'the report of the models in use' }],
  run: (session) =>
    withContext(session, async (context) => {
      const { reportStep } = await loadWorkflow();
      const { result } = await reportStep(context);
      return {
        data: { ...(snakeKeys(result.report) as Record<string, unknown>), page: result.page },
        text: result.page,
        summary: `Wrote the report of model set ${String(result.report.set.id)}.`,
      };
    }),
};
