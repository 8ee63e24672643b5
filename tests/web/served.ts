/** The demo workspace, served to a browser: as it is, or a copy that a test may write to. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { inject } from 'vitest';
import type { Role } from '../../src/store/index.ts';
import { openBrowser } from './browser.ts';
import { command, serveWorkspace } from './demo-workspace.ts';

export interface Served extends AsyncDisposable {
  readonly browser: Browser;
  /** Address of the server, without a stroke at its end. */
  readonly url: string;
  readonly workspace: string;
  /** A document of the interface, as a program gets it. */
  document<T>(address: string, key?: string): Promise<T>;
}

export interface ServedOptions {
  /** Keys to make before it starts: their names by role. Without any the server is open. */
  readonly keys?: Readonly<Partial<Record<Role, readonly string[]>>>;
}

/** Serves a copy of the demo workspace. Keys are by their names. */
export async function openServed({ keys = {} }: ServedOptions = {}): Promise<
  Served & { readonly keys: ReadonlyMap<string, string> }
> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-served-'));
  const workspace = path.join(folder, 'workspace');
  await cp(inject('demoWorkspace'), workspace, { recursive: true });
  const made = new Map<string, string>();
  for (const [role, names] of Object.entries(keys))
    for (const name of names) {
      const words = ['keys', 'create', '--role', role, '--name', name, '--json', '--workspace', workspace];
      made.set(name, (JSON.parse(await command(words)) as { key: string }).key);
    }
  const server = await serveWorkspace(workspace);
  if (server.url === '') throw new Error(`the server did not start: ${server.stderr()}`);
  const browser = await openBrowser();
  return {
    browser,
    url: server.url,
    workspace,
    keys: made,
    async document<T>(address: string, key?: string) {
      const answer = await fetch(server.url + address, {
        headers: key === undefined ? {} : { 'x-api-key': key },
      });
      if (!answer.ok) throw new Error(`${address} is answered by ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
