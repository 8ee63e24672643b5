/** What the commands that work in a workspace have in common. */
import type { Context, RunOptions, RunResult } from '../workflow/index.ts';
import type { CommandResult, Session } from './command.ts';
import { formatDuration, snakeKeys } from './format.ts';
import { loadWorkflow } from './rooms.ts';
import { stepText } from './step-text.ts';

/** Opens the context of the workspace for some work and releases it afterwards. */
export async function withContext<T>(session: Session, work: (context: Context) => Promise<T>): Promise<T> {
  const { config, pack } = await session.resolve();
  const { openContext } = await loadWorkflow();
  const { progress, clock, signal } = session;
  await using context = await openContext({ config, pack, progress, clock, signal });
  return await work(context);
}

/** Runs steps of the main job and shows the outcome of the last one. */
export async function runStepCommand(session: Session, options: RunOptions): Promise<CommandResult> {
  const { runSteps } = await loadWorkflow();
  return withContext(session, async (context) => presentRun(await runSteps(context, options)));
}

/** A run as a command gives it back. */
export function presentRun({ runId, seconds, steps }: RunResult): CommandResult {
  const texts = steps.map(stepText).filter((text) => text !== '');
  // The place of the report is a line below what the run came to.
  const shown = steps.at(-1)?.step === 'report' ? texts.slice(-2) : texts.slice(-1);
  return {
    data: { run_id: runId, seconds, steps: snakeKeys(steps) },
    text: shown.join('\n\n'),
    summary: `Done in ${formatDuration(seconds)}.`,
  };
}
