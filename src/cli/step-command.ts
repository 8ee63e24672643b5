/** What the commands that work in a workspace have in common. */
import { stat } from 'node:fs/promises';
import { HoldfastError } from '../kernel/index.ts';
import type { Context, RunOptions, RunResult } from '../workflow/index.ts';
import type { CommandResult, Session } from './command.ts';
import { formatDuration, snakeKeys } from './format.ts';
import { loadWorkflow } from './rooms.ts';
import { stepText } from './step-text.ts';

/**
 * Opens the context of the workspace for some work and releases it afterwards. HF108 for a workspace that does not
 * exist, most likely a slip in its name, unless the work may begin one.
 */
export async function withContext<T>(
  session: Session,
  work: (context: Context) => Promise<T>,
  { mayBegin = false }: { readonly mayBegin?: boolean } = {},
): Promise<T> {
  const { config, pack, secrets } = await session.resolve();
  if (!mayBegin) await requireWorkspace(config.workspace);
  const { openContext } = await loadWorkflow();
  const { progress, clock, signal } = session;
  await using context = await openContext({ config, pack, secrets, progress, clock, signal });
  return await work(context);
}

/** Runs steps of the main job and shows the outcome of the last one. */
export async function runStepCommand(session: Session, options: RunOptions): Promise<CommandResult> {
  const { runSteps } = await loadWorkflow();
  return withContext(session, async (context) => presentRun(await runSteps(context, options)), {
    mayBegin: true,
  });
}

/** HF108 where there is no such folder. */
export async function requireWorkspace(workspace: string): Promise<void> {
  const found = await stat(workspace).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new HoldfastError('HF108', {
    message: `there is no workspace ${workspace}`,
    hint: 'check --workspace, or begin one: holdfast demo, or holdfast run with files in landing/',
    place: { field: '--workspace' },
  });
}

/** A run as a command gives it back. */
export function presentRun({ runId, seconds, steps }: RunResult): CommandResult {
  const texts = steps.map(stepText).filter((text) => text !== '');
  // The place of the report is a line below what the run came to, and the gates are about the models above them.
  const last = steps.at(-1)?.step;
  const shown = last === 'report' || last === 'promote' ? texts.slice(-2) : texts.slice(-1);
  return {
    data: { run_id: runId, seconds, steps: snakeKeys(steps) },
    text: shown.join('\n\n'),
    summary: `Done in ${formatDuration(seconds)}.`,
  };
}
