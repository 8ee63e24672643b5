/** Makes the demo workspace once a run, and removes it afterwards. `WEB_WORKSPACE` names one to take instead. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { SKIPPED } from './browser.ts';
import { makeDemoWorkspace } from './demo-workspace.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the demo workspace; tests that write to it copy it first. */
    demoWorkspace: string;
  }
}

export async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['WEB_WORKSPACE'];
  provide('demoWorkspace', given ?? '');
  if (given !== undefined || SKIPPED !== '') return undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-web-'));
  await makeDemoWorkspace(folder);
  provide('demoWorkspace', folder);
  return () => rm(folder, { recursive: true, force: true });
}
