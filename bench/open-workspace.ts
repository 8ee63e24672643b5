import { resolveConfig } from '../src/config/index.ts';
import { type Context, type ContextEffects, openContext } from '../src/workflow/index.ts';

/** The settings that hold in a workspace, and its pack. */
export async function settleWorkspace(workspace: string): ReturnType<typeof resolveConfig> {
  return resolveConfig({
    flags: [{ key: 'workspace', value: workspace, flag: '--workspace' }],
    environment: process.env,
  });
}

/** Opens a workspace with the settings that hold there. The caller disposes the context. */
export async function openWorkspace(workspace: string, effects?: ContextEffects): Promise<Context> {
  return openContext(await settleWorkspace(workspace), effects);
}
