/** Makes a pack of a file in a temporary folder, as `holdfast init` does. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDuckDb } from '../../src/engine/index.ts';
import { silentProgress } from '../../src/kernel/index.ts';
import { type InitOptions, type InitResult, initStep } from '../../src/workflow/index.ts';

export interface InitFolder extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file and makes a pack of it. */
  init(
    name: string,
    content: string | Uint8Array,
    options?: Partial<InitOptions>,
  ): Promise<InitResult & { readonly read: (file: string) => Promise<string> }>;
}

export async function openInitFolder(): Promise<InitFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-init-'));
  return {
    folder,
    async init(name, content, options = {}) {
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, name);
      await writeFile(file, content);
      const pack = path.join(folder, 'pack');
      await using engine = await openDuckDb({ threads: 2 });
      const result = await initStep(
        { engine, progress: silentProgress },
        { folder: pack, file, workspace: path.join(folder, 'workspace'), force: true, ...options },
      );
      return { ...result, read: (below) => readFile(path.join(pack, below), 'utf8') };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
