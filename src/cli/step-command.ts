/** What the commands that run steps of the main job have in common. */
import { openContext, runSteps, type RunOptions, type RunResult } from '../workflow/index.ts';
import type { CommandResult, Session } from './command.ts';
import { formatDuration, snakeKeys } from './format.ts';
import { stepText } from './step-text.ts';

/** Opens the context, runs the steps and shows the outcome of the last one. */
export async function runStepCommand(session: Session, options: RunOptions): Promise<CommandResult> {
  const { config, pack } = await session.resolve();
  const { progress, clock, signal } = session;
  await using context = await openContext({ config, pack, progress, clock, signal });
  const result = await runSteps(context, options);
  return {
    data: runData(result),
    text: result.steps.map(stepText).filter((text) => text !== '').at(-1) ?? '',
    summary: `Done in ${formatDuration(result.seconds)}.`,
  };
}

/** A run as `--json` shows it. */
export function runData({ runId, seconds, steps }: RunResult): Readonly<Record<string, unknown>> {
  return { run_id: runId, seconds, steps: snakeKeys(steps) };
}
