import type { CommandModule } from '../command.ts';
import { counted, formatTable } from '../format.ts';
import { loadWorkflow } from '../rooms.ts';
import { withContext } from '../step-command.ts';

export const command: CommandModule = {
  name: 'plan',
  summary: 'show what a run would do now, and why',
  description: 'Shows each step with whether it would run and the reason. Changes nothing.',
  options: [{ flags: '--retrain', help: 'as for run: a new model set although there is one' }],
  examples: [{ command: 'plan', explains: 'before a run' }],
  run: (session, input) =>
    withContext(session, async (context) => {
      const { planRun } = await loadWorkflow();
      const steps = await planRun(context, input.flag('retrain'));
      return {
        data: { steps },
        text: formatTable(
          ['step', 'action', 'why'],
          steps.map(({ step, action, reason }) => [step, action, reason]),
        ),
        summary: `${steps.filter(({ action }) => action === 'run').length} of ${counted(steps.length, 'step')} would run.`,
        next: 'holdfast run',
      };
    }),
};
