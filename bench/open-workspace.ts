import { resolveConfig } from '../src/config/index.ts';
import { type Context, type ContextEffects, openContext } from '../src/workflow/index.ts';

/** The settings that hold in a workspace, and its pack. */
export async function settleWorkspace(
  workspace: string,
  settings: Readonly<Record<string, string>> = {},
): ReturnType<typeof resolveConfig> {
  return resolveConfig({
    flags: Object.entries({ workspace, ...settings }).map(([key, value]) => ({
      key,
      value,
      flag: `--${key}`,
    })),
    environment: process.env,
  });
}

/** Opens a workspace with the settings that hold there. The caller disposes the context. */
export async function openWorkspace(
  workspace: string,
  effects?: ContextEffects,
  settings?: Readonly<Record<string, string>>,
): Promise<Context> {
  return openContext(await settleWorkspace(workspace, settings), effects);
}
