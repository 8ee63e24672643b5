import { resolveConfig } from '../src/config/index.ts';
import { type Context, openContext } from '../src/workflow/index.ts';

/** Opens a workspace with the settings that hold there. The caller disposes the context. */
export async function openWorkspace(workspace: string): Promise<Context> {
  return openContext(
    await resolveConfig({
      flags: [{ key: 'workspace', value: workspace, flag: '--workspace' }],
      environment: process.env,
    }),
  );
}
